/**
 * Serves a built site as GitHub Pages does: without `.html` in addresses, with gzip, and with 404.html.
 * @module
 */

const TYPES: Readonly<Record<string, string>> = {
  html: "text/html; charset=utf-8",
  css: "text/css",
  js: "text/javascript",
  json: "application/json",
  svg: "image/svg+xml",
  png: "image/png",
  woff2: "font/woff2",
};

/** A site on a free port of this machine. */
export interface StaticServer extends AsyncDisposable {
  /** The address of the home page, with a slash at its end. */
  readonly url: string;
}

/**
 * Serves `folder`.
 * @param base Where the site expects to be: "/" or "/name/".
 */
export function serveFolder(folder: URL, base: string): StaticServer {
  const server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen() {} }, async (request) => {
    const { pathname } = new URL(request.url);
    if (!pathname.startsWith(base)) return new Response("Not found", { status: 404 });
    const path = decodeURIComponent(pathname.slice(base.length));
    for (const name of [path.replace(/^$|\/$/, "$&index.html"), `${path}.html`]) {
      const response = await fileResponse(new URL(name, folder), 200);
      if (response !== undefined) return response;
    }
    return await fileResponse(new URL("404.html", folder), 404) ??
      new Response("Not found", { status: 404 });
  });
  return {
    url: `http://127.0.0.1:${server.addr.port}${base}`,
    [Symbol.asyncDispose]: () => server.shutdown(),
  };
}

async function fileResponse(file: URL, status: number): Promise<Response | undefined> {
  let bytes: Uint8Array<ArrayBuffer>;
  try {
    bytes = await Deno.readFile(file);
  } catch {
    return undefined;
  }
  const type = TYPES[file.pathname.replace(/.*\./, "")] ?? "application/octet-stream";
  return new Response(await gzipped(bytes), {
    status,
    headers: { "content-type": type, "content-encoding": "gzip" },
  });
}

/** The bytes as a server sends them. */
async function gzipped(bytes: Uint8Array<ArrayBuffer>): Promise<Uint8Array<ArrayBuffer>> {
  const stream = new Blob([bytes]).stream().pipeThrough(new CompressionStream("gzip"));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}
