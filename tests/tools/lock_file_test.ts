import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { join } from "@std/path";
import manifest from "../../deno.json" with { type: "json" };
import { LOCK_FILE, resolveLock, writeLockFor } from "../../tools/lock_file.ts";

const config = Deno.env.get("ROOMZ_DENO_CONFIG") ?? "deno.json";
const locked = JSON.parse(await Deno.readTextFile(LOCK_FILE));

Deno.test("every npm package that deno.json names is locked: if not, run deno task lock", () => {
  const specifiers = Object.values(manifest.imports).filter((one) => one.startsWith("npm:"));
  assert(specifiers.length > 5, "they were found");
  assertEquals(specifiers.filter((one) => locked.specifiers[one] === undefined), []);
});

Deno.test("every locked npm package has a checksum", () => {
  const packages: [string, { integrity?: string }][] = Object.entries(locked.npm);
  assert(packages.length > 20, "they were found");
  assertEquals(packages.filter(([, one]) => !one.integrity?.startsWith("sha512-")), []);
});

Deno.test("a copy has what Deno writes for the configuration, without which it ignores checksums", async () => {
  const folder = await Deno.makeTempDir();
  try {
    const copy = join(folder, "copy.lock");
    await writeLockFor(config, copy);
    const toml = manifest.imports["smol-toml"];
    const { workspace } = await resolveLock(config, join(folder, "own.lock"), [toml]);
    assertEquals(JSON.parse(await Deno.readTextFile(copy)), { ...locked, workspace });
    assert(workspace !== undefined);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("a registry that serves other bytes than those that are locked is refused", async () => {
  const bytes = new TextEncoder().encode("other bytes");
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-512", bytes)).toBase64();
  await using registry = Deno.serve(
    { hostname: "127.0.0.1", port: 0, onListen() {} },
    (request): Response => {
      const { pathname, origin } = new URL(request.url);
      if (pathname.endsWith(".tgz")) return new Response(bytes);
      const name = decodeURIComponent(pathname.slice(1));
      const wanted = Object.keys(locked.npm).filter((id) => id.startsWith(`${name}@`))
        .map((id) => id.slice(name.length + 1).replace(/_.*/, ""));
      const versions = Object.fromEntries(wanted.map((version) => [version, {
        name,
        version,
        // It describes the bytes that it serves.
        dist: { tarball: `${origin}/package.tgz`, integrity: `sha512-${digest}` },
      }]));
      return Response.json({ name, "dist-tags": { latest: wanted[0] }, versions });
    },
  );
  const folder = await Deno.makeTempDir();
  try {
    const lock = join(folder, "deno.lock");
    await writeLockFor(config, lock);
    const { success, stderr } = await new Deno.Command(Deno.execPath(), {
      args: ["cache", `--config=${config}`, `--lock=${lock}`, manifest.imports["smol-toml"]],
      env: {
        DENO_DIR: join(folder, "cache"),
        NPM_CONFIG_REGISTRY: `http://127.0.0.1:${registry.addr.port}/`,
        NO_COLOR: "1",
      },
    }).output();
    const error = new TextDecoder().decode(stderr);
    assert(!success, error);
    assertStringIncludes(error, "checksum did not match");
    assertStringIncludes(error, digest);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
