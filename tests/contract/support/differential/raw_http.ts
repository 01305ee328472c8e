/**
 * A minimal HTTP client that sends the target and headers of a request byte for byte.
 * @module
 */

export interface RawRequest {
  readonly method: string;
  readonly target: string;
  /** Header lines in order; names can repeat. */
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly body?: string;
}

/** A response; header names are in lower case. */
export interface RawResponse {
  readonly status: number;
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly body: string;
  /** The body before decoding. */
  readonly bytes: Uint8Array<ArrayBuffer>;
}

const LIMIT_MS = 30_000;

/** Sends a request on a new connection, which the signal cuts off. */
export async function exchange(
  url: string,
  request: RawRequest,
  signal?: AbortSignal,
): Promise<RawResponse> {
  const { hostname, port } = new URL(url);
  const connection = await Deno.connect({ hostname, port: Number(port) });
  connection.setNoDelay();
  let open = true;
  const close = () => {
    if (open) connection.close();
    open = false;
  };
  const timer = setTimeout(close, LIMIT_MS);
  signal?.addEventListener("abort", close);
  try {
    const body = new TextEncoder().encode(request.body ?? "");
    const lines = [
      `${request.method} ${request.target} HTTP/1.1`,
      "Host: roomz.test",
      "Connection: close",
      ...request.headers.map(([name, value]) => `${name}: ${value}`),
      ...(request.body === undefined ? [] : [`Content-Length: ${body.length}`]),
    ];
    const head = new TextEncoder().encode(`${lines.join("\r\n")}\r\n\r\n`);
    await writeAll(connection, new Uint8Array([...head, ...body]));
    return parseResponse(await readAll(connection));
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener("abort", close);
    close();
  }
}

/** Writes all bytes. */
export async function writeAll(connection: Deno.Conn, bytes: Uint8Array): Promise<void> {
  for (let written = 0; written < bytes.length;) {
    written += await connection.write(bytes.subarray(written));
  }
}

async function readAll(connection: Deno.Conn): Promise<Uint8Array<ArrayBuffer>> {
  const chunks: Uint8Array<ArrayBuffer>[] = [];
  const buffer = new Uint8Array(65_536);
  for (let size; (size = await connection.read(buffer)) !== null;) {
    chunks.push(buffer.slice(0, size));
  }
  return new Uint8Array(await new Blob(chunks).arrayBuffer());
}

function parseResponse(bytes: Uint8Array<ArrayBuffer>): RawResponse {
  // One character per byte, so that lengths in characters are lengths in bytes.
  const text = new TextDecoder("latin1").decode(bytes);
  const end = text.indexOf("\r\n\r\n");
  if (end === -1) throw new Error(`not an HTTP response: ${JSON.stringify(text)}`);
  const { status, headers } = parseHead(text.slice(0, end));
  const body = bytes.subarray(end + 4);
  const chunked = headers.some(([name, value]) =>
    name === "transfer-encoding" && value === "chunked"
  );
  const content = chunked ? joinChunks(body) : body;
  return { status, headers, body: new TextDecoder().decode(content), bytes: content };
}

/** Parses a status line and headers. */
export function parseHead(head: string): Pick<RawResponse, "status" | "headers"> {
  const [statusLine = "", ...lines] = head.split("\r\n");
  return {
    status: Number(statusLine.split(" ")[1]),
    headers: lines.map((line) => {
      const colon = line.indexOf(":");
      return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()] as const;
    }),
  };
}

function joinChunks(body: Uint8Array): Uint8Array<ArrayBuffer> {
  const parts: number[] = [];
  for (let start = 0;;) {
    const lineEnd = body.indexOf(0x0a, start);
    const size = Number.parseInt(new TextDecoder().decode(body.subarray(start, lineEnd)), 16);
    if (lineEnd === -1 || !(size > 0)) return new Uint8Array(parts);
    parts.push(...body.subarray(lineEnd + 1, lineEnd + 1 + size));
    start = lineEnd + 1 + size + 2;
  }
}
