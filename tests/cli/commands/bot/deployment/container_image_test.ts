import dockerignore from "@balena/dockerignore";
import { assert, assertEquals, assertMatch, assertNotMatch } from "@std/assert";
import { validate } from "dockerfile-utils";
import {
  dockerfile,
  DOCKERIGNORE,
} from "../../../../../cli/commands/bot/deployment/container_image.ts";
import type { Deployment } from "../../../../../cli/commands/bot/deployment/deployment.ts";
import { listen } from "../../../../../cli/http/listen.ts";
import { bareEnvironment } from "../../../support/bare_environment.ts";

const deployment: Deployment = {
  bot: "todo",
  name: "todo",
  project: "/home/ada/todo",
  file: "bots/bot.ts",
  server: "https://roomz.example",
  permissions: ["--allow-net=api.example"],
  health: { hostname: "127.0.0.1", port: 8081 },
};

const images: readonly [what: string, changes: Partial<Deployment>][] = [
  ["a plain bot", {}],
  ["a bot without a health check", { health: undefined }],
  ["a bot with unusual names", {
    file: 'it\'s a $bot "1".ts',
    server: "https://roomz.example/",
    permissions: ['--allow-env=A$B,"q"', "--allow-read=no tes"],
  }],
  ["a host of a fleet", { fleet: { name: "staging", storage: "https://kv.example/" } }],
];
for (const [what, changes] of images) {
  Deno.test(`the Dockerfile of ${what} has no fault that a linter finds`, () => {
    const text = dockerfile({ ...deployment, ...changes }, "2.9.6");
    assertEquals(validate(text).map(({ message, range }) => `${range.start.line}: ${message}`), []);
  });
}

Deno.test("the linter would find a fault", () => {
  assert(validate(`${dockerfile(deployment, "2.9.6")}CMD ["run"]\n`).length > 0);
});

/** The words of an instruction in exec form, such as CMD. */
function wordsOf(instruction: RegExp, text: string): string[] {
  const [, json = ""] = new RegExp(`${instruction.source} (\\[[^]*?\\]) *$`, "m").exec(text) ?? [];
  return JSON.parse(json.replaceAll(/\\\n/g, "\n"));
}

Deno.test("the image runs as nobody, with the permissions that were given", () => {
  const text = dockerfile(deployment, "2.9.6");
  const [, last = ""] = text.split(/^FROM denoland\/deno:distroless-2\.9\.6$/m);
  assertMatch(last, /^USER 65532:65532$/m);
  const words = wordsOf(/^CMD/, text);
  assertEquals(words.slice(0, 2), ["run", "--cached-only"]);
  assertEquals(words.filter((word) => word.startsWith("--allow-net")), [
    "--allow-net=roomz.example:443,127.0.0.1:8081",
    "--allow-net=api.example",
  ]);
  assertEquals(words.slice(-5), ["bot", "run", "--health", "127.0.0.1:8081", "bots/bot.ts"]);
});

Deno.test("unusual names survive the Dockerfile", () => {
  const [, , [, changes] = ["", {}]] = images;
  const text = dockerfile({ ...deployment, ...changes }, "2.9.6");
  assertEquals(wordsOf(/^CMD/, text).at(-1), 'it\'s a $bot "1".ts');
  assertMatch(text, /bot check 'it'\\''s a \$bot "1"\.ts'$/m);
});

Deno.test("the health check of the image succeeds only while the bot is healthy", async () => {
  let status = 200;
  using server = listen(
    "--health",
    { hostname: "127.0.0.1", port: 0 },
    ({ url }) => new Response(new URL(url).pathname, { status }),
  );
  const health = { hostname: "0.0.0.0", port: server.address.port };
  const [deno, ...args] = wordsOf(/^ *CMD/, dockerfile({ ...deployment, health }, "2.9.6"));
  assertEquals(deno, "/bin/deno");
  const check = async (): Promise<[code: number, stdout: string]> => {
    const command = new Deno.Command(Deno.execPath(), {
      args,
      clearEnv: true,
      env: { ...bareEnvironment },
      stderr: "null",
    });
    const { code, stdout } = await command.output();
    return [code, new TextDecoder().decode(stdout)];
  };
  assertEquals(await check(), [0, "/healthz\n"]);
  status = 503;
  assertEquals(await check(), [1, "/healthz\n"]);
  server[Symbol.dispose]();
  assertEquals(await check(), [1, ""]);
});

Deno.test("secrets and data stay out of the image, the bot's own files do not", () => {
  const { ignores } = ignoring(DOCKERIGNORE);
  const out = [
    "todo.env",
    "deploy/todo.env",
    ".env",
    ".env.local",
    "todo.token",
    "fleet.key",
    "webhook.secret",
    "roomz.toml",
    "state/bots.kv",
    "bots.kv-wal",
    ".git/config",
    "node_modules/x/index.js",
    "Dockerfile",
    "Dockerfile.dockerignore",
  ];
  const inside = ["deno.json", "deno.lock", "bots/bot.ts", "environment.ts", "data/words.json"];
  assertEquals(out.filter((path) => !ignores(path)), []);
  assertEquals(inside.filter(ignores), []);
});

function ignoring(text: string): { ignores(path: string): boolean } {
  const patterns = dockerignore.default().add(text);
  return { ignores: (path) => patterns.ignores(path) };
}

Deno.test("a secret is not part of the Dockerfile", () => {
  assertNotMatch(dockerfile(deployment, "2.9.6"), /ROOMZ_TOKEN=|COPY .*\.env/);
});
