/**
 * GitHub's own example payloads for its webhooks.
 * @module
 */
import examples from "@octokit/webhooks-examples" with { type: "json" };

/** An event with a payload. */
export interface GitHubExample {
  /** The event, as the header `X-GitHub-Event` has it. */
  readonly event: string;
  readonly payload: unknown;
  /** What the payload says about itself. */
  readonly traits: {
    readonly action?: string;
    readonly repository?: { readonly full_name: string };
    readonly organization?: { readonly login: string };
    readonly sender?: { readonly login: string };
  };
}

/** All of them. */
export const gitHubExamples: readonly GitHubExample[] = examples.flatMap(({ name, examples }) =>
  examples.map((payload: GitHubExample["traits"]) => ({ event: name, payload, traits: payload }))
);

/** The first payload of an event with an action that the package has. */
export function exampleOf(event: string, action?: string): unknown {
  const found = gitHubExamples.find((one) =>
    one.event === event && (action === undefined || one.traits.action === action)
  );
  if (found === undefined) throw new Error(`There is no example of ${event}, ${action}.`);
  return structuredClone(found.payload);
}
