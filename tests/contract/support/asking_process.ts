/**
 * A process that asks questions at once, and prints each with its answer.
 * Arguments: the server, its session, the process's display name, the number of questions.
 * @module
 */
import { ask } from "@roomz/roomz/bot";
import { AsyncClient } from "@roomz/roomz/client";

const [server = "", token = "", displayName = "", count = "0"] = Deno.args;
await using client = await AsyncClient.open(server, token, {
  displayName,
  maxReconnectAttempts: Infinity,
  reconnectDelay: 100,
});
await Promise.all(Array.from({ length: Number(count) }, async (_, index) => {
  const question = `Question ${index} of ${displayName}?`;
  const answer = await ask(client, question, { timeout: "5m" });
  const { value, handle, perhapsMissed } = answer;
  console.log(JSON.stringify({ question, value, handle, perhapsMissed }));
}));
