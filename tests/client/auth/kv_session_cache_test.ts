/**
 * KvSessionCache on real files.
 * @module
 */
import { AuthenticationError, KvSessionCache } from "@roomz/roomz/client";
import { assert, assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { connectedClient, newClient, record, SERVER } from "../support/connected_client.ts";
import { verifiedRoute } from "../support/roomz_routes.ts";
import { sessionJwt } from "../support/session_jwt.ts";
import { NOBODY, runProgram } from "../support/spawned_program.ts";

const isWindows = Deno.build.os === "windows";

/** Runs a test with a temporary folder of its own. */
async function withFolder(test: (folder: string) => Promise<void>): Promise<void> {
  const folder = await Deno.makeTempDir();
  try {
    await test(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

async function modeOf(path: string): Promise<string> {
  return (((await Deno.stat(path)).mode ?? 0) & 0o777).toString(8);
}

Deno.test("each server's session is stored for later runs, until it is deleted", async () => {
  await withFolder(async (folder) => {
    const path = `${folder}/sessions.kv`;
    const cache = new KvSessionCache(path);
    assertEquals(await cache.get("http://a.test"), undefined);
    await cache.delete("http://a.test");
    assertEquals(await Array.fromAsync(Deno.readDir(folder)), [], "reading creates no file");
    await cache.set("http://a.test", { jwt: "1.1.1" });
    await cache.set("http://a.test", { jwt: "2.2.2", tokenHash: "hash" });
    await cache.set("http://b.test", { jwt: "3.3.3" });

    const later = new KvSessionCache(path);
    assertEquals(await later.get("http://a.test"), { jwt: "2.2.2", tokenHash: "hash" });
    assertEquals(await later.get("http://b.test"), { jwt: "3.3.3" });
    await later.delete("http://a.test");
    assertEquals(await later.get("http://a.test"), undefined);
    assertEquals(await later.get("http://b.test"), { jwt: "3.3.3" });
  });
});

for (const operation of ["get", "set", "delete"] as const) {
  Deno.test(`${operation} never makes a file that others can read, even behind a link`, {
    ignore: isWindows,
  }, async () => {
    await withFolder(async (folder) => {
      const path = `${folder}/sessions.kv`;
      await Deno.symlink("target.kv", path);
      const cache = new KvSessionCache(path);
      if (operation === "set") await cache.set("http://a.test", { jwt: "1.1.1" });
      else assertEquals(await cache[operation]("http://a.test"), undefined);
      const files = (await Array.fromAsync(Deno.readDir(folder))).map(({ name }) => name);
      assertEquals(files.includes("target.kv"), operation === "set");
      if (operation === "set") assertEquals(await modeOf(path), "600");
    });
  });

  Deno.test(`${operation} closes a file that others can read`, { ignore: isWindows }, async () => {
    await withFolder(async (folder) => {
      const path = `${folder}/sessions.kv`;
      const kv = await Deno.openKv(path);
      kv.close();
      assertEquals(await modeOf(path), "644");
      const cache = new KvSessionCache(path);
      if (operation === "set") await cache.set("http://a.test", { jwt: "1.1.1" });
      else await cache[operation]("http://a.test");
      assertEquals(await modeOf(path), "600");
    });
  });
}

Deno.test("another program's value under the same key is not taken for a session", async () => {
  await withFolder(async (folder) => {
    const path = `${folder}/sessions.kv`;
    const kv = await Deno.openKv(path);
    await kv.set(["roomz", "session", "a"], { jwt: 5 });
    await kv.set(["roomz", "session", "b"], "jwt");
    kv.close();
    const cache = new KvSessionCache(path);
    assertEquals([await cache.get("a"), await cache.get("b")], [undefined, undefined]);
  });
});

/** Runs `test` with a `Deno.openKv` that calls `before` first. */
async function withOpenKv(
  before: () => void | Promise<void>,
  test: () => Promise<void>,
): Promise<void> {
  const { openKv } = Deno;
  const original = Object.getOwnPropertyDescriptor(Deno, "openKv") ?? {};
  const value = async (path: string) => {
    await before();
    return await openKv(path);
  };
  Object.defineProperty(Deno, "openKv", { configurable: true, value });
  try {
    await test();
  } finally {
    Object.defineProperty(Deno, "openKv", original);
  }
}

Deno.test("the file is 0600 before Deno KV opens it, whatever the umask", {
  ignore: isWindows,
}, async () => {
  await withFolder(async (folder) => {
    const path = `${folder}/sessions.kv`;
    const modes: string[] = [];
    const umask = Deno.umask(0);
    try {
      await withOpenKv(
        async () => void modes.push(await modeOf(path)),
        () => new KvSessionCache(path).set("a", { jwt: "1.1.1" }),
      );
    } finally {
      Deno.umask(umask);
    }
    assertEquals(modes, ["600"]);
    assertEquals(await modeOf(path), "600");
  });
});

Deno.test("an operation is retried while another process has locked the file", async () => {
  await withFolder(async (folder) => {
    const cache = new KvSessionCache(`${folder}/sessions.kv`);
    let tries = 0;
    const lockedThrice = () => {
      if (tries++ < 3) throw new TypeError("database is locked");
    };
    await withOpenKv(lockedThrice, () => cache.set("a", { jwt: "1.1.1" }));
    assertEquals([tries, await cache.get("a")], [4, { jwt: "1.1.1" }]);
  });
});

Deno.test("any other failure is reported at once", async () => {
  await withFolder(async (folder) => {
    const cache = new KvSessionCache(`${folder}/sessions.kv`);
    let tries = 0;
    const full = () => {
      tries++;
      throw new TypeError("database or disk is full");
    };
    await withOpenKv(full, async () => {
      await assertRejects(() => cache.set("a", { jwt: "1.1.1" }), TypeError, "disk is full");
    });
    assertEquals(tries, 1);
  });
});

Deno.test("the files that Deno KV creates next to it are 0600 as well", {
  ignore: isWindows,
}, async () => {
  await withFolder(async (folder) => {
    const path = `${folder}/sessions.kv`;
    const cache = new KvSessionCache(path);
    const umask = Deno.umask(0);
    try {
      await cache.set("a", { jwt: "1.1.1" });
      // They exist as long as a process has the file open.
      const kv = await Deno.openKv(path);
      await cache.set("a", { jwt: "2.2.2" });
      assertEquals(await Promise.all([`${path}-wal`, `${path}-shm`].map(modeOf)), ["600", "600"]);
      kv.close();
    } finally {
      Deno.umask(umask);
    }
  });
});

Deno.test("a new folder is 0700; an existing one keeps its mode", {
  ignore: isWindows,
}, async () => {
  await withFolder(async (folder) => {
    await Deno.chmod(folder, 0o755);
    const umask = Deno.umask(0);
    try {
      await new KvSessionCache(`${folder}/a/b/sessions.kv`).set("a", { jwt: "1.1.1" });
    } finally {
      Deno.umask(umask);
    }
    const modes = await Promise.all([folder, `${folder}/a`, `${folder}/a/b`].map(modeOf));
    assertEquals(modes, ["755", "700", "700"]);
  });
});

Deno.test("4 processes can write one file 50 times each, and it stays intact", async () => {
  await withFolder(async (folder) => {
    const path = `${folder}/sessions.kv`;
    const body = (name: number) => `
      import { KvSessionCache } from "CLIENT/auth/kv_session_cache.ts";
      const cache = new KvSessionCache(${JSON.stringify(path)});
      for (let i = 0; i < 50; i++) {
        await cache.set("shared", { jwt: "${name}.shared." + i });
        await cache.set("own ${name}", { jwt: "${name}.own." + i });
        const read = await cache.get("own ${name}");
        if (read?.jwt !== "${name}.own." + i) throw new Error("lost a write: " + read?.jwt);
      }`;
    const flags = ["--unstable-kv", `--allow-read=${folder}`, `--allow-write=${folder}`];
    const ended = await Promise.all([0, 1, 2, 3].map((name) => runProgram(body(name), { flags })));
    assertEquals(ended.map(({ code, stderr }) => [code, stderr]), ended.map(() => [0, ""]));
    const cache = new KvSessionCache(path);
    for (let name = 0; name < 4; name++) {
      assertEquals(await cache.get(`own ${name}`), { jwt: `${name}.own.49` });
    }
    assertStringIncludes((await cache.get("shared"))?.jwt ?? "", ".shared.49");
    if (!isWindows) assertEquals(await modeOf(path), "600");
  });
});

/** Ways in which a file of ten sessions may be damaged. */
const damages: readonly [name: string, damage: (bytes: Uint8Array) => Uint8Array][] = [
  ["another file's text", () => new TextEncoder().encode("not a database at all. ".repeat(500))],
  ["only its first half", (bytes) => bytes.slice(0, bytes.length / 2)],
  ["only its first page", (bytes) => bytes.slice(0, 4_096)],
  ["only half of its header", (bytes) => bytes.slice(0, 50)],
  ["zeros", (bytes) => new Uint8Array(bytes.length)],
  ["garbage after its first page", (bytes) => bytes.with(0, bytes[0] ?? 0).fill(0xab, 4_096)],
  ["garbage in its header", (bytes) => bytes.slice().fill(0xff, 16, 100)],
  ["garbage in its schema", (bytes) => bytes.slice().fill(0xff, 100, 4_096)],
];

for (const [name, damage] of damages) {
  Deno.test(`a file that contains ${name} is moved aside, and a new login is needed`, async () => {
    await withFolder(async (folder) => {
      const path = `${folder}/sessions.kv`;
      const warnings: string[] = [];
      const logger = { debug() {}, info() {}, warn: (line: string) => void warnings.push(line) };
      const cache = new KvSessionCache(path, { logger });
      for (let i = 0; i < 10; i++) await cache.set(`${i}`, { jwt: `a.b.${"c".repeat(1_000)}` });
      const damaged = damage(await Deno.readFile(path));
      await Deno.writeFile(path, damaged);

      assertEquals(await cache.get("1"), undefined);
      await cache.set("1", { jwt: "x.y.z" });
      assertEquals(await cache.get("1"), { jwt: "x.y.z" });
      assertEquals(await Deno.readFile(`${path}.damaged`), damaged, "the damaged file is kept");
      assert(warnings.length > 0 && warnings.every((line) => line.includes(path)));
      if (!isWindows) assertEquals(await modeOf(path), "600");
    });
  });
}

Deno.test("delete() moves a damaged file aside", async () => {
  await withFolder(async (folder) => {
    const path = `${folder}/sessions.kv`;
    await Deno.writeTextFile(path, "not a database at all. ".repeat(500));
    const cache = new KvSessionCache(path);
    await cache.delete("a");
    assertEquals((await Array.fromAsync(Deno.readDir(folder))).map(({ name }) => name), [
      "sessions.kv.damaged",
    ]);
  });
});

Deno.test("an empty file, as a full disk leaves it, is used", async () => {
  await withFolder(async (folder) => {
    const path = `${folder}/sessions.kv`;
    await Deno.writeTextFile(path, "");
    const cache = new KvSessionCache(path);
    assertEquals(await cache.get("a"), undefined);
    await cache.set("a", { jwt: "1.1.1" });
    assertEquals(await cache.get("a"), { jwt: "1.1.1" });
  });
});

Deno.test("a client with a session file logs in once, and then works on every run", async () => {
  await withFolder(async (folder) => {
    const sessionCacheFile = `${folder}/sessions.kv`;
    const first = newClient({ sessionCacheFile }, "magic");
    first.platform.routes.set("GET /auth/verify", verifiedRoute(sessionJwt()));
    const connecting = first.client.connect();
    (await first.platform.nextSocket()).accept();
    await connecting;

    for (const token of ["magic", ""]) {
      const later = newClient({ sessionCacheFile }, token);
      const connecting = later.client.connect();
      const socket = await later.platform.nextSocket();
      assertEquals(socket.cookie, `session_token=${sessionJwt()}`);
      socket.accept();
      await connecting;
      assertEquals(later.platform.requests.length, 0);
    }

    await first.client.clearCachedSession();
    const after = newClient({ sessionCacheFile }, "");
    await assertRejects(() => after.client.connect(), AuthenticationError, "Not logged in");
  });
});

Deno.test("a session file that cannot be created does not prevent the connection: one error event", async () => {
  await withFolder(async (folder) => {
    await Deno.writeTextFile(`${folder}/file`, "");
    const { client, platform } = newClient({ sessionCacheFile: `${folder}/file/sessions.kv` });
    const errors = record(client, "error");
    const connecting = client.connect();
    (await platform.nextSocket()).accept();
    await connecting;
    assertEquals(errors.map(({ code }) => code), [500]);
    assert(client.connected);
  });
});

Deno.test("disconnect() leaves the session in the file", async () => {
  await withFolder(async (folder) => {
    const sessionCacheFile = `${folder}/sessions.kv`;
    const { client } = await connectedClient({ sessionCacheFile });
    await client.disconnect();
    const cache = new KvSessionCache(sessionCacheFile);
    assertEquals((await cache.get(SERVER))?.jwt, sessionJwt());
  });
});

/** Whether this test can have a read-only file: root can write every file, so it must change users. */
async function canShowReadOnly(): Promise<boolean> {
  if (isWindows) return false;
  if (Deno.uid() !== 0) return true;
  try {
    return (await runProgram("", { flags: [], uid: NOBODY })).code === 0;
  } catch {
    return false; // Another user cannot run this Deno, or this user cannot become another.
  }
}

Deno.test("a read-only session file is read, and a new session causes one error event", {
  ignore: !await canShowReadOnly(),
}, async () => {
  await withFolder(async (folder) => {
    const path = `${folder}/sessions.kv`;
    await new KvSessionCache(path).set("http://127.0.0.1:1", { jwt: sessionJwt("kept") });
    await Deno.chmod(path, 0o400);
    const isRoot = Deno.uid() === 0;
    // The other user may not be able to read this repository: it gets a copy of the client.
    await copyFolder(new URL("../../../client/", import.meta.url), `${folder}/client`);
    await Deno.chmod(folder, 0o755);
    if (isRoot) {
      for (const file of [folder, path]) await Deno.chown(file, NOBODY, NOBODY);
    }
    const { code, stdout, stderr } = await runProgram(
      `import { KvSessionCache } from "CLIENT/auth/kv_session_cache.ts";
      const cache = new KvSessionCache(${JSON.stringify(path)});
      console.log((await cache.get("http://127.0.0.1:1"))?.jwt);
      const write = await cache.set("b", { jwt: "a.b.c" }).then(() => "written", () => "refused");
      console.log(write);`,
      {
        flags: ["--unstable-kv", `--allow-read=${folder}`, `--allow-write=${folder}`],
        client: `file://${folder}/client/`,
        ...(isRoot ? { uid: NOBODY } : {}),
      },
    );
    assertEquals([code, stderr], [0, ""]);
    assertEquals(stdout, `${sessionJwt("kept")}\nrefused\n`);
  });
});

async function copyFolder(from: URL, to: string): Promise<void> {
  await Deno.mkdir(to);
  for await (const { name, isDirectory } of Deno.readDir(from)) {
    if (isDirectory) await copyFolder(new URL(`${name}/`, from), `${to}/${name}`);
    else await Deno.copyFile(new URL(name, from), `${to}/${name}`);
  }
}
