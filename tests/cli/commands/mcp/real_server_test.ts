/**
 * An agent on the real Roomz server.
 * @module
 */
import { AsyncClient } from "@roomz/roomz/client";
import { assertEquals } from "@std/assert";
import { findPythonWithRoomz } from "../../../contract/support/python_environment.ts";
import { realTarget } from "../../../contract/support/real_server.ts";
import { mintSession, TEST_EMAILS } from "../../../contract/support/target.ts";
import { skip } from "../../../support/skip.ts";
import { McpHost } from "./support/mcp_host.ts";

const found = await findPythonWithRoomz();
if ("missing" in found) skip("an agent on the real server", found.missing);
else {
  Deno.test("on the real server an agent sends, asks, is answered and withdraws", async () => {
    const server = await realTarget(found.python).start({});
    const state = await Deno.makeTempDir();
    const token = await mintSession(TEST_EMAILS[0] ?? "");
    const env = { ROOMZ_SERVER_URL: server.url, ROOMZ_TOKEN: token, XDG_STATE_HOME: state };
    try {
      await using phone = await AsyncClient.open(server.url, token, { displayName: "phone" });
      await using host = await McpHost.of2025({ env, name: "codex" });
      const heard = phone.messages();
      await host.call("send_message", { text: "<b>tea</b> & a\nbiscuit" });
      const sent = (await heard.next()).value;
      assertEquals([sent.content, sent.user.display_name], ["<b>tea</b> & a\nbiscuit", "codex"]);

      const asked = host.call("ask_human", { question: "Tea?", choices: ["yes", "no"] });
      await heard.next();
      await phone.send("YES");
      const { structured } = await asked;
      assertEquals([structured.answer, structured.device], ["yes", "phone"]);
      const { structured: list } = await host.call("list_devices");
      assertEquals(list.devices.map(({ name }: { name: string }) => name), ["phone"]);

      host.start("tools/call", { name: "ask_human", arguments: { question: "More?" } })
        .answer.catch(() => {});
      for await (const { own, content } of heard) if (own === false && /^More/.test(content)) break;
      const last = phone.waitFor("message");
      await host.close();
      assertEquals(/^Withdrawn: \[\w{3}\]$/.test((await last).content), true);
    } finally {
      await server.stop();
      await Deno.remove(state, { recursive: true });
    }
  });
}
