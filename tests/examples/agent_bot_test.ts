import { testBot, type TestDevice } from "@roomz/roomz/testing";
import { assertEquals, assertMatch } from "@std/assert";
import agent, { agentBot, type Model } from "../../examples/agent_bot.ts";

Deno.test("the agent bot streams an answer in parts, until it is stopped", async () => {
  const model: Model = async function* (question, signal) {
    yield `You ask: ${question}`;
    yield "?\n\nThe first paragraph.\n\nThe sec";
    await new Promise((_, reject) => {
      signal.addEventListener("abort", () => reject(signal.reason));
    });
  };
  await using room = await testBot(agentBot(model));
  const [phone, laptop] = [room.device("phone"), room.device("laptop")];
  assertEquals(await phone.say("!stop"), ["There is nothing to stop."]);
  assertEquals(await phone.say("!ask why"), ["You ask: why?\n\nThe first paragraph."]);
  assertEquals(await laptop.say("!stop"), ["Stopped."]);
  assertEquals(await phone.say("!stop"), ["There is nothing to stop."]);
});

Deno.test("the agent bot splits a long paragraph between sentences", async () => {
  const sentence = `${"word ".repeat(30).trim()}. `;
  const model: Model = async function* () {
    for (let n = 0; n < 7; n++) yield await Promise.resolve(sentence);
  };
  await using room = await testBot(agentBot(model));
  const answers = await room.device("phone").say("!ask why");
  assertEquals(answers.length, 3);
  for (const answer of answers) assertMatch(answer, /^word .*\.$/s);
});

Deno.test("the agent bot reports an error of the model", async () => {
  const model: Model = async function* () {
    yield await Promise.reject(new Error("out of memory"));
  };
  await using room = await testBot(agentBot(model));
  assertEquals(await room.device("phone").say("!ask why"), [
    "I could not answer: Error: out of memory",
  ]);
});

/** The agent bot with a model at this URL. */
async function withModel(
  url: string,
  use: (phone: TestDevice) => Promise<void>,
): Promise<void> {
  const before = Deno.env.get("OLLAMA_URL");
  Deno.env.set("OLLAMA_URL", url);
  try {
    await using room = await testBot(agent);
    await use(room.device("phone"));
  } finally {
    if (before === undefined) Deno.env.delete("OLLAMA_URL");
    else Deno.env.set("OLLAMA_URL", before);
  }
}

/** Answers like Ollama, on a free port. */
function fakeOllama(answer: (request: Request) => Response | Promise<Response>) {
  return Deno.serve({ port: 0, hostname: "127.0.0.1", onListen() {} }, answer);
}

Deno.test("the agent bot asks Ollama, which streams JSON lines", async () => {
  const asked: unknown[] = [];
  await using server = fakeOllama(async (request) => {
    asked.push(new URL(request.url).pathname, await request.json());
    // Chunks end anywhere, also in the middle of a character.
    const bytes = new TextEncoder().encode(
      '{"response":"Because"}\n{"response":" it’s blue."}\n{"response":"","done":true}\n',
    );
    return new Response(ReadableStream.from([bytes.slice(0, 41), bytes.slice(41)]));
  });
  await withModel(`http://127.0.0.1:${server.addr.port}`, async (phone) => {
    void phone.say("!ask why");
    assertEquals(await phone.hears(1), ["Because it’s blue."]);
  });
  assertEquals(asked, ["/api/generate", { model: "llama3.2", prompt: "why", stream: true }]);
});

Deno.test("the agent bot stops a request that Ollama has not begun to answer", async () => {
  const arrived = Promise.withResolvers<void>();
  const gone = Promise.withResolvers<void>();
  await using server = fakeOllama((request) => {
    arrived.resolve(); // Ollama loads the model.
    return new Promise((resolve) => {
      request.signal.addEventListener("abort", () => {
        gone.resolve();
        resolve(new Response());
      });
    });
  });
  await withModel(`http://127.0.0.1:${server.addr.port}`, async (phone) => {
    void phone.say("!ask why");
    await arrived.promise;
    void phone.say("!stop");
    assertEquals(await phone.hears(1), ["Stopped."]);
    await gone.promise;
  });
});

Deno.test("the agent bot says what Ollama says of an unknown model", async () => {
  await using server = fakeOllama(() =>
    Response.json({ error: "model 'llama3.2' not found" }, { status: 404 })
  );
  await withModel(`http://127.0.0.1:${server.addr.port}`, async (phone) => {
    void phone.say("!ask why");
    const [answer = ""] = await phone.hears(1);
    assertMatch(answer, /^I could not answer: .*model 'llama3\.2' not found$/);
  });
});

Deno.test("the agent bot says how to start Ollama if it is not running", async () => {
  const closed = fakeOllama(() => new Response());
  const url = `http://127.0.0.1:${closed.addr.port}`;
  await closed.shutdown();
  await withModel(url, async (phone) => {
    void phone.say("!ask why");
    const [answer = ""] = await phone.hears(1);
    assertEquals(
      answer,
      `I could not answer: Error: Cannot reach Ollama at ${url}. Start it: ollama serve`,
    );
  });
});
