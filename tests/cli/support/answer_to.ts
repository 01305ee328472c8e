/**
 * What a bot answers, for tests that start one and cannot know when it is ready.
 * @module
 */
import { AsyncClient } from "@roomz/roomz/client";
import type { TestServer } from "./test_server.ts";

/** Says something until a bot answers; returns the answer. */
export async function answerTo(said: string, server: TestServer): Promise<string> {
  await using client = await AsyncClient.open(server.url, await server.session());
  const messages = client.messages();
  const asking = setInterval(() => void client.send(said), 200);
  try {
    for await (const { content } of messages) {
      if (content !== said) return content;
    }
    throw new Error("The connection ended.");
  } finally {
    clearInterval(asking);
  }
}
