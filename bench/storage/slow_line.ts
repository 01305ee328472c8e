/**
 * A line that takes its time, in front of a port.
 * @module
 */

/** A relay to `port` that delivers after `delay` milliseconds, each way; without delay, the port itself. */
export function slowLine(port: number, delay: number): Disposable & { readonly url: string } {
  if (delay === 0) return { url: `http://127.0.0.1:${port}`, [Symbol.dispose]() {} };
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  accept(listener, port, delay).catch(() => {});
  return {
    url: `http://127.0.0.1:${listener.addr.port}`,
    [Symbol.dispose]: () => listener.close(),
  };
}

async function accept(listener: Deno.TcpListener, port: number, delay: number): Promise<void> {
  for await (const client of listener) {
    const server = await Deno.connect({ hostname: "127.0.0.1", port });
    client.setNoDelay(true);
    server.setNoDelay(true);
    pass(client, server, delay).catch(() => {});
    pass(server, client, delay).catch(() => {});
  }
}

async function pass(from: Deno.Conn, to: Deno.Conn, delay: number): Promise<void> {
  const buffer = new Uint8Array(65_536);
  let written: Promise<unknown> = Promise.resolve();
  for (;;) {
    const length = await from.read(buffer);
    if (length === null) break;
    const bytes = buffer.slice(0, length);
    const due = new Promise((resolve) => setTimeout(resolve, delay));
    written = written.then(() => due).then(async () => {
      for (let at = 0; at < bytes.length;) at += await to.write(bytes.subarray(at));
    });
    written.catch(() => {});
  }
  await written;
  to.close();
}
