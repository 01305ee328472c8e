/**
 * Finds the token in what a user pastes to log in, whatever a mail program has made of the link.
 * @module
 */
import { CommandError, ExitCode } from "../command_line/exit_code.ts";

/** A token, and the server that its link names. */
export interface PastedToken {
  readonly token: string;
  /** Host name and port of the link; undefined for a token without a link. */
  readonly host: string | undefined;
}

/** Links are wrapped in links at most so often. */
const MAX_WRAPPINGS = 5;
const URLS = /https?:\/\/[^\s<>"'`|\\^{}]+/gi;

/**
 * The token in a pasted magic link (`https://…/auth/verify?token=T`), in the line that the server
 * prints for terminals (`/token T`), or on its own; undefined if there is none. A link may be in
 * quotes, brackets or Markdown, encoded as quoted-printable or HTML, and wrapped by a link scanner.
 */
export function readPastedToken(pasted: string): PastedToken | undefined {
  const text = decodeMail(pasted);
  for (const [url] of text.matchAll(URLS)) {
    const found = tokenInLink(url, MAX_WRAPPINGS);
    if (found !== undefined) return found;
  }
  if (/:\/\//.test(text)) return undefined;
  const [, alone = text] = /\/token\s+(.*)/s.exec(text) ?? [];
  const token = trimmed(alone.trim());
  return /^[\w.~-]+$/.test(token) ? { token, host: undefined } : undefined;
}

/**
 * Rejects a token whose link is for another server, before it is sent anywhere. Schemes are not
 * compared: a server behind a TLS proxy prints http links. Nor are the names of this machine. `command` is
 * the one that asked for it.
 * @throws {CommandError} The link is for another server.
 */
export function requireSameServer(
  { host }: PastedToken,
  server: string,
  command = "roomz login",
): void {
  if (host === undefined || canonicalHost(host) === canonicalHost(new URL(server).host)) return;
  throw new CommandError(
    `That link is for ${host}, not for ${server}. To log in there: ${command} -s http://${host}`,
    ExitCode.USAGE,
  );
}

function canonicalHost(host: string): string {
  return host.toLowerCase().replace(/^(127\.0\.0\.1|\[::1\])(?=:|$)/, "localhost")
    .replace(/:(80|443)$/, "");
}

function tokenInLink(text: string, wrappings: number): PastedToken | undefined {
  const url = URL.parse(trimmed(text));
  if (url === null) return undefined;
  // First what is inside: some scanners put the whole link behind their own path.
  for (const inner of wrappings === 0 ? [] : wrappedIn(url)) {
    const [link] = inner.match(URLS) ?? [];
    const found = link && tokenInLink(link, wrappings - 1);
    if (found) return found;
  }
  if (!/\/auth\/verify\/?$/.test(url.pathname)) return undefined;
  const [token = ""] = /^[\w.~-]+/.exec(url.searchParams.get("token") ?? "") ?? [];
  return token === "" ? undefined : { token: trimmed(token), host: url.host };
}

/** The texts in a scanner's link that may hold the real one. */
function wrappedIn(url: URL): string[] {
  const { pathname, search, hash } = url;
  return [
    ...url.searchParams.values(),
    // Proofpoint v2 writes - for % and _ for /.
    ...url.searchParams.getAll("u").map((text) =>
      decoded(text.replace(/-/g, "%").replace(/_/g, "/"))
    ),
    // Proofpoint v3 and others put it into the path as it is.
    decoded(`${pathname}${search}${hash}`.slice(1)).replace(/__;.*$/s, ""),
  ];
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text; // A stray percent sign.
  }
}

/** Undoes what mail sources do to a text: quoted-printable and HTML entities. */
function decodeMail(text: string): string {
  const isQuotedPrintable = /=\r?\n|=3D/.test(text);
  const plain = isQuotedPrintable
    ? text.replace(/=\r?\n/g, "").replace(/=([0-9A-F]{2})/g, (_, hex: string) => {
      return String.fromCharCode(Number.parseInt(hex, 16));
    })
    : text;
  return plain.replaceAll("&amp;", "&").replace(/&#x?3d;/gi, "=");
}

/** Without the brackets, quotes and punctuation that surround a link in a sentence. */
function trimmed(text: string): string {
  return text.replace(/^[<>()[\]"'`“”‘’«»*]+/, "").replace(/[<>()[\]"'`“”‘’«»*.,;:!?]+$/, "");
}
