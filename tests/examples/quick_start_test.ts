/**
 * The commands of docs/quick_start.md, typed as they are written, with the real server.
 * @module
 */
import { assertEquals, assertMatch } from "@std/assert";
import { dirname } from "@std/path";
import {
  DocumentedRoom,
  notHere,
  type Proof,
  runLine,
  tryCommands,
} from "../cli/support/documented_room.ts";
import { documentedInstallation, EmptyHome } from "../cli/support/empty_home.ts";
import { findPythonWithRoomz } from "../contract/support/python_environment.ts";
import { codeBlocks, shellCommands } from "../support/markdown_code.ts";
import { skip } from "../support/skip.ts";

const page = await Deno.readTextFile(new URL("../../docs/quick_start.md", import.meta.url));
const found = await findPythonWithRoomz();

if (Deno.build.os === "windows") skip("the quick start", "its commands need a POSIX shell");
else if ("missing" in found) skip("the quick start", found.missing);
else {
  const { python } = found;
  Deno.test("the quick start leads to a bot on the real server", async (t) => {
    await testQuickStart(t, dirname(dirname(await python())));
  });
}

/** `server` is the folder where the server is installed. */
async function testQuickStart(t: Deno.TestContext, server: string): Promise<void> {
  await using home = await EmptyHome.make();
  await home.run(".", "deno", await documentedInstallation());
  await Deno.mkdir(home.path("project"));
  await Deno.symlink(server, home.path("project/roomz-server"));
  await using room = new DocumentedRoom(home);

  const installed = notHere("tests/contract/support/python_environment.ts runs it");
  const line: Proof = async (command) => void await runLine(home, "project", command);
  const environment: string[] = [];
  const proofs: Readonly<Record<string, Proof>> = {
    "python3 -m venv roomz-server": installed,
    "roomz-server/bin/pip install roomz==0.4.0": installed,
    'echo "JWT_SECRET_KEY=$(openssl rand -hex 32)" > server.env': line,
    'echo "ALLOWED_EMAILS=me@example.com" >> server.env': line,
    "chmod 600 server.env": line,
    "set -a; . ./server.env; set +a": async (command) => {
      await line(command);
      environment.push(command); // For the server, which is another shell's here.
    },
    "roomz-server/bin/roomz serve --server-bind 127.0.0.1:8000": (command) => {
      const free = command.replace(":8000", ":0");
      return room.serve(
        [...environment, `exec ${free}`].join("; "),
        /Application startup complete\./,
      );
    },
    "roomz login me@example.com": (command) => room.logIn(command),
    "roomz bot new helper": line,
    "roomz bot run --watch helper/bot.ts": async (command) => {
      await room.runBot(command);
      await room.ask("!ping", /^pong$/);
      await room.ask("!roll 20", /^You rolled \d+\.$/);
    },
    "roomz": notHere("it needs a terminal; tests/cli/chat has one"),
    'roomz send "the backup is done"': async (command) => {
      const heard = room.hears("the backup is done");
      await runLine(home, "project", command, room.env);
      await heard;
    },
    "roomz send --wait-reply '!roll 20'": async (command) => {
      const { stdout } = await runLine(home, "project", command, room.env);
      assertMatch(stdout, /^You rolled \d+\.\n$/);
    },
    'roomz ask "Delete the old backups?" --choices yes,no': async (command) => {
      const answered = room.hears(/^Delete the old backups\? /).then(() => room.say("yes"));
      assertEquals((await runLine(home, "project", command, room.env)).stdout, "yes\n");
      await answered;
      await addLunch(home);
      await room.askUntil("!lunch", /^(Soup|Pasta|Leftovers)\.$/);
    },
    "roomz-server/bin/roomz serve --server-bind 0.0.0.0:8000": notHere(
      "it would open a port of this machine",
    ),
    "qrencode -t ansiutf8": notHere("it needs qrencode, and a phone"),
    "roomz login -s https://roomz.example me@example.com": notHere(
      "it needs a server with a certificate",
    ),
    "roomz config init": line,
  };
  await tryCommands(t, shellCommands(page), proofs);
}

/** Adds the page's line to the commands of the bot. */
async function addLunch(home: EmptyHome): Promise<void> {
  const [lunch = ""] = codeBlocks(page, "ts");
  const bot = await home.read("project/helper/bot.ts");
  const changed = bot.replace("commands: {\n", (start) => start + lunch);
  await home.write("project/helper/bot.ts", changed);
}
