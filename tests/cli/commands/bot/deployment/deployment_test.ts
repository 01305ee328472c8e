import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import {
  denoFlags,
  type Deployment,
  deploymentName,
} from "../../../../../cli/commands/bot/deployment/deployment.ts";

const deployment: Deployment = {
  bot: "todo",
  name: "todo",
  project: "/home/ada/todo",
  file: "bot.ts",
  server: "https://roomz.example",
  permissions: [],
  health: undefined,
};
const places = { project: "/bot", state: "/state" };

/** The flags that grant something. */
function granted(changes: Partial<Deployment>): string[] {
  return denoFlags({ ...deployment, ...changes }, places)
    .filter((flag) => flag.startsWith("--allow"))
    .map((flag) => flag.replace(/^(--allow-env)=ROOMZ_.*/, "$1=…"));
}

Deno.test("a bot gets what running it needs, and no more", () => {
  assertEquals(granted({}), [
    "--allow-net=roomz.example:443",
    "--allow-read=/bot,/state",
    "--allow-write=/state",
    "--allow-env=…",
  ]);
});

Deno.test("a host of a fleet also gets its database and, for its name, that of the machine", () => {
  const fleet = { name: undefined, storage: "https://kv.example" };
  assertEquals(granted({ fleet }), [
    "--allow-net=roomz.example:443,kv.example:443",
    "--allow-read=/bot,/state",
    "--allow-write=/state",
    "--allow-env=…",
    "--allow-sys=hostname",
  ]);
  const variables = (changes: Partial<Deployment>) =>
    denoFlags({ ...deployment, ...changes }, places).find((flag) => /^--allow-env/.test(flag));
  for (const name of ["ROOMZ_FLEET_KEY", "DENO_KV_ACCESS_TOKEN"]) {
    assertStringIncludes(variables({ fleet }) ?? "", name);
    assert(!variables({})?.includes(name));
  }
});

Deno.test("what is given is added as it is", () => {
  const permissions = ["--allow-net=api.example", "--allow-run=git", "--unstable-cron"];
  const flags = denoFlags({ ...deployment, permissions }, places);
  assertEquals(flags.slice(-3), permissions);
  assertEquals(granted({ permissions }).slice(0, 1), ["--allow-net=roomz.example:443"]);
});

Deno.test("a whole permission replaces its own list, which would narrow it", () => {
  const permissions = ["--allow-net", "--allow-env"];
  assertEquals(granted({ permissions }), [
    "--allow-read=/bot,/state",
    "--allow-write=/state",
    ...permissions,
  ]);
});

const hosts: readonly [server: string, host: string][] = [
  ["http://roomz.example", "roomz.example:80"],
  ["https://roomz.example:8443/", "roomz.example:8443"],
  ["http://[2001:db8::1]:8000", "[2001:db8::1]:8000"],
];
for (const [server, host] of hosts) {
  Deno.test(`the bot may reach ${server} as ${host}, and the address of its health check`, () => {
    const health = { hostname: "::1", port: 8081 };
    assertEquals(granted({ server, health })[0], `--allow-net=${host},[::1]:8081`);
  });
}

const names: readonly [bot: string, name: string][] = [
  ["todo", "todo"],
  ["Night Watch", "night-watch"],
  ["../etc/%h $x", "etc-h-x"],
  ["café", "caf"],
  ["時計", "bot"],
];
for (const [bot, name] of names) {
  Deno.test(`the bot "${bot}" is deployed as ${name}`, () => {
    assertEquals(deploymentName(bot), name);
  });
}
