/**
 * Reads the body of a request within limits.
 * @module
 */
import { atMost, type Clock } from "../../../bot/context/clock.ts";

/** How much, and for how long. */
export interface BodyLimits {
  /** Bytes. */
  readonly size: number;
  /** Milliseconds. */
  readonly time: number;
}

/** Why there is no text: the status of the answer, and its text. */
export interface Unreadable {
  readonly status: 400 | 408 | 413;
  readonly problem: string;
}

/** The text of the body; the rest of a body that breaks a limit is not read. */
export async function readBody(
  request: Request,
  { size, time }: BodyLimits,
  clock: Clock,
): Promise<string | Unreadable> {
  const tooLarge: Unreadable = { status: 413, problem: `The body is larger than ${size} bytes.` };
  if (Number(request.headers.get("content-length") ?? 0) > size) return tooLarge;
  if (request.body === null) return "";
  const reader = request.body.getReader();
  const read: { result?: string | Unreadable } = {};
  const reading = readAll(reader, size).then((bytes) => {
    read.result = bytes === undefined ? tooLarge : textOf(bytes);
  }, () => {
    read.result = { status: 400, problem: "The body did not arrive." };
  });
  await atMost(time, reading, clock);
  const outcome = read.result ?? { status: 408, problem: "The body took too long." };
  if (typeof outcome !== "string") await reader.cancel().catch(() => {});
  return outcome;
}

/** All bytes; undefined if there are more than `size`. */
async function readAll(
  reader: ReadableStreamDefaultReader<Uint8Array>,
  size: number,
): Promise<Uint8Array | undefined> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) break;
    length += value.length;
    if (length > size) return undefined;
    chunks.push(value);
  }
  const bytes = new Uint8Array(length);
  let at = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, at);
    at += chunk.length;
  }
  return bytes;
}

function textOf(bytes: Uint8Array): string | Unreadable {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return { status: 400, problem: "The body is not UTF-8." };
  }
}
