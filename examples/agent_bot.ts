/**
 * An assistant that answers at length, part by part, and can be stopped: `!ask why is the sky blue`,
 * `!stop`. It asks a language model on this machine: start Ollama (https://ollama.com), then
 * `OLLAMA_MODEL=llama3.2 roomz bot run examples/agent_bot.ts`.
 * @module
 */
import { type Bot, defineBot } from "@roomz/roomz/bot";

/** Answers a question, in pieces of any size. */
export type Model = (question: string, signal: AbortSignal) => AsyncIterable<string>;

// Short enough to be read while the next part comes.
const PART = 400;

/** The bot; `model` is what thinks. */
export function agentBot(model: Model = ollama): Bot {
  const answering = new Set<AbortController>();
  return defineBot({
    name: "agent",
    commands: {
      "ask <question...>": {
        description: "Ask me anything",
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
        description: "Stop what I am saying",
        // Otherwise it would wait for the end of the answer.
        concurrent: true,
        run() {
          if (answering.size === 0) return "I was not saying anything.";
          for (const stop of answering) stop.abort();
        },
      },
    },
    catch: (error) => `I could not think about it: ${error}`,
  });
}

/** Puts pieces together to parts of whole paragraphs, or sentences where those are long. */
async function* inParts(pieces: AsyncIterable<string>): AsyncGenerator<string> {
  let text = "";
  for await (const piece of pieces) {
    text += piece;
    const end = text.lastIndexOf("\n\n");
    const cut = end > 0 ? end : text.length > PART ? text.lastIndexOf(". ") + 1 : 0;
    if (cut === 0) continue;
    yield text.slice(0, cut);
    text = text.slice(cut).trimStart();
  }
  yield text;
}

/** Asks Ollama, which streams lines of JSON: `{"response": "…"}`. */
async function* ollama(question: string, signal: AbortSignal): AsyncGenerator<string> {
  const url = Deno.env.get("OLLAMA_URL") ?? "http://localhost:11434";
  const model = Deno.env.get("OLLAMA_MODEL") ?? "llama3.2";
  const response = await fetch(new URL("/api/generate", url), {
    method: "POST",
    body: JSON.stringify({ model, prompt: question }),
    signal,
  }).catch((cause: unknown) => {
    throw new Error(`Ollama does not answer at ${url}. Start it: ollama serve`, { cause });
  });
  if (!response.ok || response.body === null) {
    throw new Error(`Ollama answered ${response.status}: ${await response.text()}`);
  }
  let rest = "";
  for await (const chunk of response.body.pipeThrough(new TextDecoderStream())) {
    const lines = (rest + chunk).split("\n");
    rest = lines.pop() ?? "";
    for (const line of lines) yield wordsOf(JSON.parse(line));
  }
}

function wordsOf(line: unknown): string {
  const isWords = typeof line === "object" && line !== null && "response" in line;
  return isWords ? String(line.response) : "";
}

export default agentBot();
