import { assertEquals, assertMatch } from "@std/assert";
import { outOfDescriptors } from "../../../client/base/file_descriptors.ts";

for (
  const reason of [
    "client error (Connect): tcp open error: Too many open files (os error 24)",
    "Too many open files in system (os error 23)",
    "connect EMFILE 127.0.0.1:8000 - Local (undefined:undefined)",
    "socket ENFILE",
    "No file descriptors available (os error 24)",
    "failed to connect to WebSocket: tcp open error",
  ]
) {
  Deno.test(`"${reason}" means that there are no file descriptors left`, () => {
    const error = outOfDescriptors(reason);
    assertEquals(error?.facts, `This process is out of file descriptors (${reason}).`);
    assertMatch(error?.advice ?? "", /ulimit -n/);
  });
}

for (
  const reason of [
    "tcp connect error: Connection refused (os error 111)",
    "dns error: failed to lookup address information: Name or service not known",
    "tcp open error: Address family not supported by protocol (os error 97)",
    "getaddrinfo ENOTFOUND roomz.test",
    "",
  ]
) {
  Deno.test(`"${reason}" does not`, () => {
    assertEquals(outOfDescriptors(reason), undefined);
  });
}

/** Uses all descriptors but some, then connects; prints the error. */
const PROGRAM = `
import { AsyncClient } from "CLIENT/mod.ts";
const [url, left] = Deno.args;
const files: Deno.FsFile[] = [];
try {
  for (;;) files.push(Deno.openSync("/dev/null"));
} catch {
  for (let i = 0; i < Number(left); i++) files.pop()?.close();
}
try {
  await new AsyncClient(url, "eyJhbGciOiJIUzI1NiJ9.e30.c2ln").connect();
} catch (error) {
  console.log(String(error));
}
`;

Deno.test({
  name: "a program without descriptors left is told that, for an address and for a name",
  ignore: Deno.build.os === "windows",
  fn: async () => {
    const program = PROGRAM.replace("CLIENT", new URL("../../../client", import.meta.url).href);
    const file = await Deno.makeTempFile({ suffix: ".ts" });
    await Deno.writeTextFile(file, program);
    for (const host of ["127.0.0.1", "localhost"]) {
      const { stdout } = await new Deno.Command("sh", {
        args: [
          "-c",
          'ulimit -n 64; exec "$0" run -A --no-config --no-lock --no-check "$1" "$2" 0',
          Deno.execPath(),
          file,
          `http://${host}:8765`,
        ],
        env: { NO_COLOR: "1" },
        signal: AbortSignal.timeout(60_000),
      }).output();
      const output = new TextDecoder().decode(stdout);
      assertMatch(output, /out of file descriptors .*ulimit -n/);
    }
    await Deno.remove(file);
  },
});
