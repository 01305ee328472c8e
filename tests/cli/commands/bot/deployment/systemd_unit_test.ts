import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import type { Deployment } from "../../../../../cli/commands/bot/deployment/deployment.ts";
import { DENO, systemdUnit } from "../../../../../cli/commands/bot/deployment/systemd_unit.ts";
import { skip } from "../../../../support/skip.ts";

const deployment: Deployment = {
  bot: "todo",
  name: "todo",
  project: "/home/ada/todo",
  file: "bots/bot.ts",
  server: "https://roomz.example",
  permissions: [],
  health: undefined,
};

/** The least exposed unit that runs Deno is measured at 1.3; systemd takes ten times that number. */
const THRESHOLD = 20;

/** What `systemd-analyze` says about a unit; undefined where it is not installed. */
async function analyze(
  args: readonly string[],
  unit: string,
): Promise<{ code: number; stdout: string; stderr: string } | undefined> {
  const folder = await Deno.makeTempDir();
  try {
    const path = `${folder}/roomz-todo.service`;
    // It reports programs that are missing.
    await Deno.writeTextFile(path, unit.replace(DENO, Deno.execPath()));
    const { code, stdout, stderr } = await new Deno.Command("systemd-analyze", {
      args: [...args, path],
      env: { LC_ALL: "C", SYSTEMD_PAGER: "" },
    }).output();
    const decoder = new TextDecoder();
    return { code, stdout: decoder.decode(stdout), stderr: decoder.decode(stderr) };
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/** The version of systemd; undefined without it. */
async function systemdVersion(): Promise<number | undefined> {
  const version = await analyze(["--version"], "");
  return version && Number(/^systemd (\d+)/.exec(version.stdout)?.[1]);
}

const version = Deno.build.os === "linux" ? await systemdVersion() : undefined;

const units: readonly [what: string, changes: Partial<Deployment>][] = [
  ["a plain bot", {}],
  ["a bot with permissions and a health check", {
    permissions: ["--allow-write=/srv/no tes,notes", '--allow-env=A$B,%h,"q"', "--allow-run=git"],
    health: { hostname: "127.0.0.1", port: 8081 },
    file: 'it\'s a "bot" 100%.ts',
  }],
  ["a host of a fleet", { fleet: { name: undefined, storage: "https://kv.example/" } }],
];
if (version === undefined || version < 250) {
  skip("what systemd-analyze says about the units", "there is no systemd 250 or later here");
} else {
  for (const [what, changes] of units) {
    const unit = systemdUnit({ ...deployment, ...changes });

    // It ends with 0 even if it knows a key not: only its messages count.
    Deno.test(`systemd finds nothing wrong with the unit of ${what}`, async () => {
      const result = await analyze(["verify", "--man=no"], unit);
      assertEquals(result && [result.code, result.stdout, result.stderr], [0, "", ""]);
    });

    Deno.test(`the unit of ${what} is locked down`, async () => {
      const args = ["security", "--offline=true", `--threshold=${THRESHOLD}`];
      const result = await analyze(args, unit);
      assertEquals(result?.code, 0, result?.stdout);
      assertMatch(result?.stdout ?? "", /Overall exposure level for roomz-todo\.service: 1\.\d OK/);
    });
  }

  Deno.test("a mistake in a unit would be found", async () => {
    const misspelt = systemdUnit(deployment).replace("PrivateTmp=yes", "PrivateTemp=yes");
    assertMatch((await analyze(["verify", "--man=no"], misspelt))?.stderr ?? "", /PrivateTemp/);
    const open = systemdUnit(deployment).replaceAll(/^(Protect|System|Private|Dynamic).*\n/gm, "");
    const args = ["security", "--offline=true", `--threshold=${THRESHOLD}`];
    assertEquals((await analyze(args, open))?.code, 1);
  });
}

Deno.test("the words of the command line mean what they say", () => {
  const [, changes] = units[1] ?? ["", {}];
  const unit = systemdUnit({ ...deployment, ...changes });
  for (
    const line of [
      '  "--allow-write=/srv/no tes,notes" \\',
      '  "--allow-env=A$$B,%%h,\\"q\\"" \\',
      "  --health \\",
      "  127.0.0.1:8081 \\",
      '  "it\'s a \\"bot\\" 100%%.ts"',
    ]
  ) assertStringIncludes(unit, `${line}\n`);
});

Deno.test("the folders that the bot may write to are writable in the sandbox", () => {
  const unit = systemdUnit({ ...deployment, permissions: ["--allow-write=/srv/no tes,notes"] });
  assertStringIncludes(
    unit,
    'ReadWritePaths="-/srv/no tes"\nReadWritePaths=-/opt/roomz-todo/notes\n',
  );
});

Deno.test("Deno starts: it needs @pkey, and memory that it writes and runs", () => {
  const unit = systemdUnit(deployment);
  assertMatch(unit, /^SystemCallFilter=@system-service @pkey$/m);
  assertEquals(/^MemoryDenyWriteExecute=/m.test(unit), false);
});
