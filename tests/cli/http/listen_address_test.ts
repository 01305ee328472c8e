import { assertEquals, assertThrows } from "@std/assert";
import { CommandError, ExitCode } from "../../../cli/command_line/exit_code.ts";
import { addressText, listenAddress } from "../../../cli/http/listen_address.ts";

const addresses: readonly [text: string, hostname: string, port: number, shown: string][] = [
  ["8081", "127.0.0.1", 8081, "127.0.0.1:8081"],
  ["0", "127.0.0.1", 0, "127.0.0.1:0"],
  ["0.0.0.0:80", "0.0.0.0", 80, "0.0.0.0:80"],
  ["localhost:65535", "localhost", 65535, "localhost:65535"],
  ["[::1]:8081", "::1", 8081, "[::1]:8081"],
  ["[::ffff:127.0.0.1]:1", "::ffff:127.0.0.1", 1, "[::ffff:127.0.0.1]:1"],
];
for (const [text, hostname, port, shown] of addresses) {
  Deno.test(`${text} is an address to listen on`, () => {
    const address = listenAddress("--health", text);
    assertEquals([address, addressText(address)], [{ hostname, port }, shown]);
  });
}

for (
  const text of [
    "",
    "localhost",
    ":8081",
    "::1:8081",
    "1.2.3.4:65536",
    "http://a:1",
    "a:1/x",
    "a:-1",
  ]
) {
  Deno.test(`"${text}" is not an address to listen on`, () => {
    const error = assertThrows(() => listenAddress("--health", text), CommandError);
    assertEquals(
      [error.exitCode, error.message],
      [
        ExitCode.USAGE,
        "--health must be an address to listen on, such as 127.0.0.1:8081 or [::1]:8081, " +
        `but is "${text}".`,
      ],
    );
  });
}
