import { assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { createPrivateFile, retryWhileLocked } from "../../../client/auth/kv_file.ts";

Deno.test("an operation is retried while the file is locked, and its result returned", async () => {
  let attempts = 0;
  const result = await retryWhileLocked(() => {
    if (++attempts < 4) return Promise.reject(new Error("database table is locked"));
    return Promise.resolve("done");
  });
  assertEquals([result, attempts], ["done", 4]);
});

Deno.test("any other failure is not retried", async () => {
  let attempts = 0;
  const failing = () => {
    attempts++;
    return Promise.reject(new Error("disk full"));
  };
  await assertRejects(() => retryWhileLocked(failing), Error, "disk full");
  assertEquals(attempts, 1);
});

Deno.test("a private file is created with its folder, and an existing one is left alone", async () => {
  const folder = await Deno.makeTempDir();
  const path = `${folder}/state/file.kv`;
  await createPrivateFile(path);
  await Deno.writeTextFile(path, "content");
  await createPrivateFile(path);
  assertEquals(await Deno.readTextFile(path), "content");
  const mode = async (of: string) => ((await Deno.stat(of)).mode ?? 0) & 0o777;
  if (Deno.build.os !== "windows") {
    assertEquals([await mode(path), await mode(`${folder}/state`)], [0o600, 0o700]);
  }
  await Deno.remove(folder, { recursive: true });
});

const notOnWindows = { ignore: Deno.build.os === "windows" };

async function withFolder(test: (folder: string) => Promise<void>): Promise<void> {
  const folder = await Deno.makeTempDir();
  try {
    await test(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

async function modeOf(path: string): Promise<number> {
  return ((await Deno.stat(path)).mode ?? 0) & 0o777;
}

const links: readonly [name: string, prepare: (folder: string) => Promise<void>][] = [
  ["an absolute link", (folder) => Deno.symlink(`${folder}/target`, `${folder}/file.kv`)],
  ["a relative link", (folder) => Deno.symlink("target", `${folder}/file.kv`)],
  ["a link to a link", async (folder) => {
    await Deno.symlink("target", `${folder}/middle`);
    await Deno.symlink("middle", `${folder}/file.kv`);
  }],
  ["a link into another folder", async (folder) => {
    await Deno.mkdir(`${folder}/sub`);
    await Deno.symlink("sub/../target", `${folder}/file.kv`);
  }],
  ["a link to an open file", async (folder) => {
    await Deno.writeTextFile(`${folder}/target`, "", { mode: 0o644 });
    await Deno.symlink("target", `${folder}/file.kv`);
  }],
  ["no link", (folder) => Deno.symlink(`${folder}/file.kv`, `${folder}/target`)],
];
for (const [name, prepare] of links) {
  Deno.test(`the file behind ${name} is private from the first byte`, notOnWindows, async () => {
    await withFolder(async (folder) => {
      await prepare(folder);
      await createPrivateFile(`${folder}/file.kv`);
      assertEquals(await modeOf(`${folder}/target`), 0o600);
      const kv = await Deno.openKv(`${folder}/file.kv`);
      await kv.set(["a"], 1);
      assertEquals(await modeOf(`${folder}/target`), 0o600);
      kv.close();
    });
  });
}

for (
  const [before, after] of [
    [0o644, 0o600],
    [0o666, 0o600],
    [0o640, 0o600],
    [0o604, 0o600],
    [0o777, 0o700],
    [0o444, 0o400],
    [0o600, 0o600],
  ] as const
) {
  Deno.test(
    `an existing file with mode ${before.toString(8)} gets ${
      after.toString(8)
    }, and so do its companions`,
    notOnWindows,
    async () => {
      await withFolder(async (folder) => {
        const path = `${folder}/file.kv`;
        const files = [path, `${path}-wal`, `${path}-shm`];
        for (const file of files) {
          await Deno.writeTextFile(file, "");
          await Deno.chmod(file, before);
        }
        await createPrivateFile(path);
        assertEquals(await Promise.all(files.map(modeOf)), [after, after, after]);
      });
    },
  );
}

Deno.test(
  "a file that others can read and whose rights cannot be set is refused",
  notOnWindows,
  async () => {
    await withFolder(async (folder) => {
      const path = `${folder}/file.kv`;
      await Deno.writeTextFile(path, "");
      await Deno.chmod(path, 0o644);
      const original = Object.getOwnPropertyDescriptor(Deno, "chmod") ?? {};
      const value = () => Promise.reject(new Deno.errors.PermissionDenied("not the owner"));
      Object.defineProperty(Deno, "chmod", { configurable: true, value });
      try {
        const error = await assertRejects(() => createPrivateFile(path), Error, path);
        assertStringIncludes(error.message, "not the owner");
        assertStringIncludes(error.message, "chmod 600");
      } finally {
        Object.defineProperty(Deno, "chmod", original);
      }
    });
  },
);

Deno.test("a link to a folder that does not exist is refused", notOnWindows, async () => {
  await withFolder(async (folder) => {
    await Deno.symlink("missing/target", `${folder}/file.kv`);
    await assertRejects(() => createPrivateFile(`${folder}/file.kv`), Deno.errors.NotFound);
  });
});
