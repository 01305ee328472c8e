import { assertEquals, assertMatch, assertNotMatch } from "@std/assert";

const PROGRAM = `
import { defineBot } from "@roomz/roomz/bot";
import { testBot } from "@roomz/roomz/testing";

const boom = () => {
  throw new Error("boom");
};
const bot = defineBot({
  name: "helper",
  commands: {
    "todo add <text...>": () => console.log("inside"),
    "fail": boom,
    "throw string": () => {
      throw "a string";
    },
  },
  groups: [{ commands: { "group": boom }, catch: () => "caught" }],
  on: { user_left: () => {} },
});
await using room = await testBot(bot);
const laptop = room.device("laptop");
await laptop.say("!todo add my secret");
await laptop.say("!fail");
await laptop.say("!group");
await laptop.say("!throw string");
const nameless = room.device(null);
await nameless.say("!todo add another secret");
await nameless.leave();
console.log(room.answers.join("|"));
`;

async function run(env: Record<string, string>): Promise<string> {
  const file = await Deno.makeTempFile({ suffix: ".ts" });
  try {
    await Deno.writeTextFile(file, PROGRAM);
    const config = Deno.env.get("ROOMZ_DENO_CONFIG") ?? "deno.json";
    const { stdout, stderr } = await new Deno.Command(Deno.execPath(), {
      args: ["run", "--quiet", "--no-check", `--config=${config}`, file],
      env: { NO_COLOR: "1", ...env },
    }).output();
    return new TextDecoder().decode(stdout) + new TextDecoder().decode(stderr);
  } finally {
    await Deno.remove(file);
  }
}

Deno.test("with OTEL_DENO every handler call has a span with its caller and its failure", async () => {
  const output = await run({ OTEL_DENO: "true", OTEL_EXPORTER_OTLP_PROTOCOL: "console" });
  const spans = output.split(/^(?=SPAN|LOG|METRIC)/m).filter((part) =>
    part.includes("scope: @roomz/roomz/bot")
  );
  assertEquals(spans.map((span) => /^SPAN (.*?) \[/.exec(span)?.[1]), [
    "!todo add",
    "!fail",
    "!group",
    "!throw string",
    "!todo add",
    "user_left",
  ]);
  const [added = "", failed = "", caught = "", thrown = "", nameless = "", event = ""] = spans;
  assertMatch(added, /Consumer/);
  assertMatch(added, /roomz\.bot: helper/);
  assertMatch(added, /roomz\.device: laptop/);
  assertMatch(added, /messaging\.message\.id: m\d/);
  assertNotMatch(added, /exception|Error/);
  for (const span of [failed, caught]) {
    assertMatch(span, /status: Error \(Error: boom\)/);
    assertMatch(span, /exception\.message: boom/);
  }
  assertMatch(thrown, /status: Error \(a string\)/);
  assertMatch(thrown, /exception\.message: a string/);
  for (const span of [nameless, event]) assertNotMatch(span, /roomz\.device/);
  assertMatch(nameless, /messaging\.message\.id: m\d/);
  assertNotMatch(event, /messaging\.message\.id/);
  const trace = /^SPAN !todo add \[(\w+)\/(\w+)\]/m.exec(output);
  const [, log = ""] = /"inside\n"\n([^]*?)^(?:SPAN|LOG|METRIC)/m.exec(output) ?? [];
  assertMatch(log, new RegExp(`trace: ${trace?.[1]}/${trace?.[2]}`));
  for (const span of spans) assertNotMatch(span, /secret/);
});

Deno.test("without OTEL_DENO a bot runs the same, without spans", async () => {
  assertEquals(
    await run({ OTEL_EXPORTER_OTLP_PROTOCOL: "console" }),
    "inside\ninside\nSorry, that failed. The bot's log says why.|caught|" +
      "Sorry, that failed. The bot's log says why.\n",
  );
});
