/**
 * A proxy between a client and a server: the line takes its time, and may be encrypted.
 * @module
 */
import { connect as connectTo, createServer, type Socket } from "node:net";
import { createServer as createTlsServer } from "node:tls";
import { once } from "node:events";

/** What a line is like. */
export interface LineOptions {
  /** How long each chunk takes in each direction, milliseconds. */
  readonly delay: number;
  /** Accepts TLS only, with a certificate that nobody knows. Needs `openssl`. */
  readonly tls: boolean;
}

/**
 * Listens on loopback and passes everything on to the port `target`; returns the base URL, without delay
 * and TLS that of the port itself.
 */
export async function openLine(target: number, { delay, tls }: LineOptions): Promise<string> {
  if (delay === 0 && !tls) return `http://127.0.0.1:${target}`;
  const accept = (client: Socket) => {
    const server = connectTo(target, "127.0.0.1");
    pass(client, server, delay);
    pass(server, client, delay);
  };
  const listener = tls ? createTlsServer(await certificate(), accept) : createServer(accept);
  listener.listen(0, "127.0.0.1");
  await once(listener, "listening");
  const address = listener.address();
  const port = typeof address === "object" ? address?.port : undefined;
  return `${tls ? "https" : "http"}://127.0.0.1:${port}`;
}

/** Each chunk is passed on after `delay` milliseconds, without waiting for the one before. */
function pass(from: Socket, to: Socket, delay: number): void {
  to.setNoDelay(true);
  const later = (action: () => void) => void (delay === 0 ? action() : setTimeout(action, delay));
  from.on("data", (chunk: Uint8Array) => later(() => void to.write(chunk)));
  from.on("close", () => later(() => to.destroy()));
  from.on("error", () => {}); // It closes as well.
}

async function certificate(): Promise<{ cert: string; key: string }> {
  const folder = await Deno.makeTempDir();
  try {
    const name = ["-subj", "/CN=127.0.0.1", "-days", "1", "-nodes"];
    const files = ["-keyout", `${folder}/key.pem`, "-out", `${folder}/cert.pem`];
    await new Deno.Command("openssl", {
      args: ["req", "-x509", "-newkey", "rsa:2048", ...name, ...files],
      stderr: "null",
    }).output();
    const read = (name: string) => Deno.readTextFile(`${folder}/${name}.pem`);
    return { cert: await read("cert"), key: await read("key") };
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}
