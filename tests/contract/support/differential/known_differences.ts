/**
 * The differences between the development server and the service on valid input, with reasons.
 *
 * docs/development_server.md lists them too, and the differences on invalid input.
 * @module
 */

/** An accepted difference. */
export interface KnownDifference {
  /** The sentence on the page. */
  readonly what: string;
  readonly reason: string;
  /** Removes the difference from an observation. */
  readonly conceal?: (line: string) => string;
}

/** All differences. Those without `conceal` are not observed; the file that avoids them is named. */
export const knownDifferences: readonly KnownDifference[] = [
  {
    what:
      "The page at `/` is another one, for browsers only; programs get one that says what the " +
      "server is.",
    reason: "The service's own needs a web framework of 10 MB, and no program reads it.",
    conceal: (line) =>
      line.replace(/(?<=: 200 \[content-type=text\/html; charset=utf-8\] ")(?!")[^]+/, 'page"'),
  },
  {
    what:
      "The chat's scripts and styles under `/static` and `/app` are not there; the page's own " +
      "are under `/page/`.",
    reason: "They belong to that page. (scenario.ts asks for none of them)",
  },
  {
    what: "Headers that say who wrote the response, and how it is framed.",
    reason: "They belong to uvicorn and to Node: `Server`, `Date`, `Transfer-Encoding`, " +
      "`Content-Length`, `Connection`. (normalizer.ts leaves them out)",
  },
  {
    what: "The order of the methods in `Allow`.",
    reason: "The service writes a set, whose order changes whenever it starts. (normalizer.ts)",
  },
  {
    what: "After several packets at once, refusals may come before the acknowledgements of " +
      "packets that were sent earlier.",
    reason: "The service runs its handlers side by side. Here each packet is answered in turn, " +
      "which is one of the orders that the service may take. (peer.ts sorts by kind)",
  },
  {
    what: "A waiting request of long polling ends when its client sends the close packet.",
    reason: "The service leaves it waiting for 45 seconds more. (peer.ts ends it itself)",
  },
  {
    what: "permessage-deflate is not negotiated.",
    reason: "The content is the same without it. (raw_web_socket.ts does not offer it)",
  },
];
