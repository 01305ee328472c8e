import { testBot } from "@roomz/roomz/testing";
import { assertEquals, assertMatch } from "@std/assert";
import shell, { shellBot } from "../../examples/shell_bot.ts";

/** A bot that records programs instead of running them. */
function recordingBot(success: boolean, output: string) {
  const runs: string[] = [];
  const bot = shellBot((program) => {
    runs.push(program.join(" "));
    return Promise.resolve({ success, output });
  });
  return { bot, runs };
}

Deno.test("the shell bot runs only programs on its list", async () => {
  const { bot, runs } = recordingBot(true, "up 3 days\n");
  await using room = await testBot(bot);
  const phone = room.device("phone");
  assertEquals(await phone.say("!show uptime"), ["up 3 days"]);
  for (const line of ["!show uptime; rm -rf /", "!show /etc/passwd", "!show"]) {
    const [answer = ""] = await phone.say(line);
    assertMatch(answer, /Usage: !show <what:disk\|uptime>/);
  }
  assertEquals(runs, ["uptime"]);
});

Deno.test("the shell bot restarts a service only from the laptop, after a confirmation", async () => {
  const { bot, runs } = recordingBot(true, "");
  await using room = await testBot(bot);
  const [phone, laptop] = [room.device("phone"), room.device("laptop")];
  assertEquals(await phone.say("!restart web"), ['That works only from "laptop".']);
  const question = 'Run "systemctl --user restart web"? (yes|no) [n6a]';
  assertEquals(await laptop.say("!restart web"), [question]);
  assertEquals(await laptop.say("no"), ["OK, nothing was done."]);
  assertEquals(runs, []);
  await laptop.say("!restart web");
  assertEquals(await laptop.say("yes"), ["Done."]);
  assertEquals(runs, ["systemctl --user restart web"]);
});

Deno.test("the shell bot reports a failed program", async () => {
  await using room = await testBot(recordingBot(false, "no such unit").bot);
  const laptop = room.device("laptop");
  await laptop.say("!restart web");
  assertEquals(await laptop.say("yes"), ["systemctl failed: no such unit"]);
});

Deno.test("the shell bot runs a real program", async () => {
  await using room = await testBot(shell);
  const phone = room.device("phone");
  void phone.say("!show disk");
  const [usage = ""] = await phone.hears(1);
  assertMatch(usage, /\d%/);
});
