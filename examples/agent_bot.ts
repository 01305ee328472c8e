/**
 * An assistant that streams long answers and can be interrupted: `!ask why is the sky blue`, `!stop`.
 * It uses a language model on this machine: start Ollama (https://ollama.com), then run
 * `OLLAMA_MODEL=llama3.2 roomz bot run examples/agent_bot.ts`.
 * @module
 */
import { type Bot, defineBot } from "@roomz/roomz/bot";
// This entry needs no permission but that to connect to Ollama; the main one is for files as well.
import { Ollama } from "npm:ollama@0.6.4/browser";

/** Answers a question, in chunks of any size. */
export type Model = (question: string, signal: AbortSignal) => AsyncIterable<string>;

// Short enough to read while the next part is generated.
const PART = 400;

/** Makes the bot; `model` answers the questions. */
export function agentBot(model: Model = ollama): Bot {
  const answering = new Set<AbortController>();
  return defineBot({
    name: "agent",
    commands: {
      "ask <question...>": {
        description: "Ask anything",
        async *run({ args, signal }) {
          const stop = new AbortController();
          answering.add(stop);
          try {
            yield* inParts(model(args.question, AbortSignal.any([signal, stop.signal])));
          } catch (error) {
            if (!stop.signal.aborted) throw error;
            yield "Stopped.";
          } finally {
            answering.delete(stop);
          }
        },
      },
      "stop": {
        description: "Stop the current answers",
        // Otherwise it would wait until the answer is complete.
        concurrent: true,
        run() {
          if (answering.size === 0) return "There is nothing to stop.";
          for (const stop of answering) stop.abort();
        },
      },
    },
    catch: (error) => `I could not answer: ${error}`,
  });
}

/** Combines chunks into parts of whole paragraphs, or of whole sentences if a paragraph is long. */
async function* inParts(chunks: AsyncIterable<string>): AsyncGenerator<string> {
  let text = "";
  for await (const chunk of chunks) {
    text += chunk;
    const end = text.lastIndexOf("\n\n");
    const cut = end > 0 ? end : text.length > PART ? text.lastIndexOf(". ") + 1 : 0;
    if (cut === 0) continue;
    yield text.slice(0, cut);
    text = text.slice(cut).trimStart();
  }
  yield text;
}

/** Asks Ollama, which streams the answer. */
async function* ollama(question: string, signal: AbortSignal): AsyncGenerator<string> {
  const host = Deno.env.get("OLLAMA_URL") ?? "http://localhost:11434";
  const model = Deno.env.get("OLLAMA_MODEL") ?? "llama3.2";
  // An `abort()` of the library comes too late while Ollama loads the model, so that every request
  // gets the signal.
  const client = new Ollama({
    host,
    fetch: async (url, init) => {
      const signals = init?.signal ? [signal, init.signal] : [signal];
      try {
        return await fetch(url, { ...init, signal: AbortSignal.any(signals) });
      } catch (cause) {
        if (signal.aborted) throw cause;
        throw new Error(`Cannot reach Ollama at ${host}. Start it: ollama serve`, { cause });
      }
    },
  });
  for await (const part of await client.generate({ model, prompt: question, stream: true })) {
    yield part.response ?? "";
  }
}

export default agentBot();
