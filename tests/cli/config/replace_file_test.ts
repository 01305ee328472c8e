import { assertEquals, assertRejects } from "@std/assert";
import { CommandError } from "../../../cli/command_line/exit_code.ts";
import { createFile, replaceFile } from "../../../cli/config/replace_file.ts";

async function names(folder: string): Promise<string[]> {
  return (await Array.fromAsync(Deno.readDir(folder), ({ name }) => name)).toSorted();
}

async function modeOf(path: string): Promise<number> {
  return ((await Deno.stat(path)).mode ?? 0) & 0o777;
}

Deno.test("a file is replaced whole, with its mode, and nothing is left beside it", async () => {
  const folder = await Deno.makeTempDir();
  const path = `${folder}/a.toml`;
  for (const mode of [0o600, 0o644, 0o640]) {
    await Deno.writeTextFile(path, "old");
    await Deno.chmod(path, mode);
    await replaceFile(path, "new");
    assertEquals([await Deno.readTextFile(path), await modeOf(path)], ["new", mode]);
  }
  assertEquals(await names(folder), ["a.toml"]);
});

Deno.test("a new file is its owner's alone", async () => {
  const folder = await Deno.makeTempDir();
  await replaceFile(`${folder}/a`, "x");
  assertEquals(await createFile(`${folder}/b`, "y"), true);
  assertEquals([await modeOf(`${folder}/a`), await modeOf(`${folder}/b`)], [0o600, 0o600]);
});

Deno.test("a file is replaced behind its links, also where it does not exist yet", async () => {
  const folder = await Deno.makeTempDir();
  await Deno.mkdir(`${folder}/real`);
  await Deno.writeTextFile(`${folder}/real/a`, "old");
  await Deno.symlink(`${folder}/real/a`, `${folder}/absolute`);
  await Deno.symlink("real/a", `${folder}/relative`);
  await Deno.symlink("absolute", `${folder}/chain`);
  await Deno.symlink("real/new", `${folder}/dangling`);
  for (const link of ["absolute", "relative", "chain"]) {
    await replaceFile(`${folder}/${link}`, link);
    assertEquals(await Deno.readTextFile(`${folder}/real/a`), link);
  }
  await replaceFile(`${folder}/dangling`, "new");
  assertEquals(await Deno.readTextFile(`${folder}/real/new`), "new");
  assertEquals((await Deno.lstat(`${folder}/dangling`)).isSymlink, true);
  assertEquals(await names(`${folder}/real`), ["a", "new"]);
});

Deno.test("what cannot be written is left as it was, and the error says so", async () => {
  const folder = await Deno.makeTempDir();
  await Deno.writeTextFile(`${folder}/a`, "old");
  const failing: (() => Promise<unknown>)[] = [
    () => replaceFile(`${folder}/no/such`, "x"),
    () => replaceFile(`${folder}/a/b`, "x"),
    () => createFile(`${folder}/no/such`, "x"),
  ];
  for (const attempt of failing) {
    await assertRejects(attempt, CommandError, "It was not changed.");
  }
  assertEquals([await Deno.readTextFile(`${folder}/a`), await names(folder)], ["old", ["a"]]);
});

Deno.test({
  name: "on a full disk the old file stays whole",
  ignore: Deno.build.os !== "linux",
  async fn() {
    // A process whose files may not grow beyond a kilobyte stands in for the disk.
    const folder = await Deno.makeTempDir();
    await Deno.writeTextFile(`${folder}/a`, "old");
    const module = new URL("../../../cli/config/replace_file.ts", import.meta.url).href;
    const script = `${folder}/script.ts`;
    await Deno.writeTextFile(
      script,
      `import { replaceFile } from ${JSON.stringify(module)};
       await replaceFile(${JSON.stringify(`${folder}/a`)}, "x".repeat(100_000)).catch((error) =>
         console.log(error.message));`,
    );
    const run = `ulimit -f 1; trap '' XFSZ; exec "$0" run -A --no-check --quiet --no-lock "$1"`;
    const { stdout } = await new Deno.Command("bash", {
      args: ["-c", run, Deno.execPath(), script],
    })
      .output();
    assertEquals(await Deno.readTextFile(`${folder}/a`), "old");
    assertEquals(new TextDecoder().decode(stdout).includes("It was not changed."), true);
    assertEquals(await names(folder), ["a", "script.ts"]);
  },
});

Deno.test("what is there already is not created again, not even by one of many", async () => {
  const folder = await Deno.makeTempDir();
  const path = `${folder}/a`;
  const created = await Promise.all(Array.from({ length: 20 }, (_, n) => createFile(path, `${n}`)));
  assertEquals(created.filter((ok) => ok).length, 1);
  assertEquals(await Deno.readTextFile(path), `${created.indexOf(true)}`);
  assertEquals(await names(folder), ["a"]);
});
