/**
 * Where the development server differs from the service on valid input, and why.
 *
 * docs/development_server.md lists the same, and what differs on input that is not valid.
 * @module
 */

/** One difference that stays. */
export interface KnownDifference {
  readonly what: string;
  readonly reason: string;
  /** Makes the lines of both servers the same where they differ in this way only. */
  readonly conceal: (line: string) => string;
}

/** All of them. */
export const knownDifferences: readonly KnownDifference[] = [
  {
    what: "The page at `/` says what the server is, in place of the chat.",
    reason: "The service's chat loads its scripts from elsewhere, and clients do not read it.",
    conceal: (line) =>
      line.replace(/(?<=: 200 \[content-type=text\/html; charset=utf-8\] ").+/, 'a page"'),
  },
];
