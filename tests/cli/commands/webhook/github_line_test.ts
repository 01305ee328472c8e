import { assert, assertEquals, assertMatch, assertNotMatch } from "@std/assert";
import fc from "fast-check";
import { gitHubLine } from "../../../../cli/commands/webhook/github_line.ts";
import { fitsServer } from "../../../../client/protocol/server_text.ts";
import { CONTROL_CHARACTERS, HOSTILE_TEXTS } from "../../support/hostile_texts.ts";
import { exampleOf, gitHubExamples } from "./support/github_payloads.ts";

/** What every line must be, whatever was posted. */
function assertHarmless(line: string): void {
  assertMatch(line, /^GitHub: \S.*$/);
  assertNotMatch(line, /[\r\n\t]/);
  assertNotMatch(line, CONTROL_CHARACTERS);
  assert(fitsServer(line), `${line.length} characters: ${line}`);
}

Deno.test(`each of GitHub's ${gitHubExamples.length} example payloads makes a readable line`, () => {
  assertEquals(new Set(gitHubExamples.map(({ event }) => event)).size, 58);
  assertEquals(gitHubExamples.length, 329);
  for (const { event, payload, traits } of gitHubExamples) {
    const line = gitHubLine(event, payload);
    assertHarmless(line);
    const { repository, organization, sender } = traits;
    const place = repository?.full_name ?? organization?.login ?? "";
    assert(line.startsWith(place === "" ? "GitHub: " : `GitHub: ${place}: `), line);
    // No gap where a text was missing, nothing that only a program reads.
    assertNotMatch(line, /undefined|null|NaN|\[object| {2}| $|:$|: :|\(\)|""/, `${event}: ${line}`);
    assertNotMatch(line, /someone/);
    if (traits.action?.includes("_")) assert(!line.includes(traits.action), line);
    assert(line.length < 600, line);
    if (sender !== undefined && /pull_request$|^issue|^push|^release|^star/.test(event)) {
      assertMatch(line, new RegExp(`: ${sender.login} `));
    }
  }
});

const lines: readonly [event: string, action: string | undefined, line: string][] = [
  [
    "push",
    undefined,
    "Codertocat/Hello-World: Codertocat created tag simple-tag " +
    "https://github.com/Codertocat/Hello-World/compare/simple-tag",
  ],
  [
    "pull_request",
    "opened",
    'Codertocat/Hello-World: Codertocat opened pull request #2 "Update the README with new information." ' +
    "https://github.com/Codertocat/Hello-World/pull/2",
  ],
  [
    "pull_request",
    "converted_to_draft",
    "Codertocat/Hello-World: Codertocat converted pull request #2 to a draft " +
    '"Update the README with new information." https://github.com/Codertocat/Hello-World/pull/2',
  ],
  [
    "pull_request",
    "review_requested",
    "Codertocat/Hello-World: Codertocat requested a review of pull request #2 (octocat) " +
    '"Update the README with new information." https://github.com/Codertocat/Hello-World/pull/2',
  ],
  [
    "issues",
    "labeled",
    'Codertocat/Hello-World: Codertocat labelled issue #1 (bug) "Spelling error in the README file" ' +
    "https://github.com/Codertocat/Hello-World/issues/1",
  ],
  [
    "issue_comment",
    "created",
    "Codertocat/Hello-World: Codertocat commented on issue #1 " +
    '"You are totally right! I\'ll get this fixed right away." ' +
    "https://github.com/Codertocat/Hello-World/issues/1#issuecomment-492700400",
  ],
  [
    "release",
    "published",
    "Codertocat/Hello-World: Codertocat published release 0.0.1 " +
    "https://github.com/Codertocat/Hello-World/releases/tag/0.0.1",
  ],
  [
    "workflow_run",
    "requested",
    "octo-org/octo-repo: workflow test on master: queued " +
    '"build(test): check workflow run event payload" ' +
    "https://github.com/octo-org/octo-repo/actions/runs/289782451",
  ],
  [
    "check_suite",
    "completed",
    'Codertocat/Hello-World: checks of octocoders-linter on changes: success "Update README.md"',
  ],
  ["star", "created", "Codertocat/Hello-World: Codertocat starred it (1 star)"],
  ["deployment", "created", "Codertocat/Hello-World: Codertocat deploys master to production"],
  [
    "deployment_status",
    "created",
    "Codertocat/Hello-World: deployment of master to production: success",
  ],
  [
    "fork",
    undefined,
    "Codertocat/Hello-World: Octocoders forked it to Octocoders/Hello-World " +
    "https://github.com/Octocoders/Hello-World",
  ],
  ["membership", "removed", "Octocoders: Codertocat removed Codertocat from team github"],
  [
    "security_advisory",
    "published",
    "security advisory GHSA-rf4j-j272-fj86: published " +
    '"Moderate severity vulnerability that affects django"',
  ],
  [
    "ping",
    undefined,
    "Octocoders/Hello-World: webhook 109948940 works " +
    '"Anything added dilutes everything else."',
  ],
];
for (const [event, action, line] of lines) {
  Deno.test(`${event}${action === undefined ? "" : `, ${action}`}: ${line.slice(0, 70)}…`, () => {
    assertEquals(gitHubLine(event, exampleOf(event, action)), `GitHub: ${line}`);
  });
}

/** An example with other values at some paths, such as "pull_request.merged". */
function changed(
  event: string,
  action: string,
  changes: Readonly<Record<string, unknown>>,
): string {
  const payload = exampleOf(event, action === "" ? undefined : action);
  for (const [path, value] of Object.entries(changes)) {
    const keys = path.split(".");
    const last = keys.pop() ?? "";
    let object = payload;
    for (const key of keys) object = Reflect.get(Object(object), key);
    Reflect.set(Object(object), last, value);
  }
  return gitHubLine(event, payload);
}

Deno.test("a pull request that is merged is not just closed", () => {
  assertMatch(changed("pull_request", "closed", {}), /Codertocat closed pull request #2/);
  const merged = changed("pull_request", "closed", { "pull_request.merged": true });
  assertMatch(merged, /Codertocat merged pull request #2/);
});

Deno.test("a push says how many commits, where to, and whether it was forced", () => {
  const push = (changes: Readonly<Record<string, unknown>>): string =>
    changed("push", "", { ref: "refs/heads/main", created: false, ...changes });
  const commits = [{}, {}];
  assertMatch(
    push({ commits }),
    /: Codertocat pushed 2 commits to main "Adding a \.gitignore file" /,
  );
  assertMatch(push({ commits, forced: true }), /force-pushed 2 commits to main/);
  assertMatch(push({ deleted: true }), /: Codertocat deleted branch main$/);
  assertMatch(
    push({ commits, "head_commit.message": "First\n\nthe rest" }),
    /to main "First" http/,
  );
});

Deno.test("a review says what it came to", () => {
  const review = (state: string): string =>
    changed("pull_request_review", "submitted", { "review.state": state });
  assertMatch(review("approved"), /Codertocat approved pull request #2/);
  assertMatch(review("changes_requested"), /Codertocat requested changes to pull request #2/);
  assertMatch(review("commented"), /Codertocat reviewed pull request #2/);
});

Deno.test("a comment on a pull request is not one on an issue", () => {
  const line = changed("issue_comment", "created", { "issue.pull_request": { url: "x" } });
  assertMatch(line, /commented on pull request #1/);
});

Deno.test("an unknown event says its name, its action and its repository", () => {
  const payload = {
    action: "some_action",
    repository: { full_name: "octo/hello" },
    sender: { login: "ada" },
  };
  assertEquals(
    gitHubLine("brand_new", payload),
    "GitHub: octo/hello: brand new: some action, by ada",
  );
  assertEquals(gitHubLine("brand_new", {}), "GitHub: brand new, by someone");
  assertEquals(gitHubLine("constructor", {}), "GitHub: constructor, by someone");
  // A known event with an action that is new.
  assertEquals(
    gitHubLine("issues", { ...payload, issue: { number: 3, title: "Typo" } }),
    'GitHub: octo/hello: issue #3: some action, by ada "Typo"',
  );
});

Deno.test("a title that fills a message leaves room for its link", () => {
  for (const title of ['"'.repeat(3_000), "<script>".repeat(500), "word ".repeat(10_000)]) {
    const line = changed("issues", "opened", { "issue.title": title });
    assertHarmless(line);
    assertMatch(line, /…" https:\/\/github\.com\/Codertocat\/Hello-World\/issues\/1$/);
  }
});

Deno.test("a link that is none of the web is left out", () => {
  for (const url of ["javascript:alert(1)", "https://github.com@evil.example/", "x y", 7]) {
    assertNotMatch(changed("issues", "opened", { "issue.html_url": url }), /evil|javascript|x y$/);
  }
});

Deno.test("hostile texts in a payload are harmless in its line", () => {
  for (const text of HOSTILE_TEXTS) {
    for (const { event, payload } of [{ event: text, payload: {} }, ...someOfEach()]) {
      assertHarmless(gitHubLine(event, withText(payload, text)));
    }
  }
});

/** One payload of a few events that quote what strangers write. */
function someOfEach(): { event: string; payload: unknown }[] {
  return ["issues", "push", "fork", "gollum", "check_run", "brand_new"].map((event) => ({
    event,
    payload: event === "brand_new" ? { action: "x", sender: { login: "y" } } : exampleOf(event),
  }));
}

/** The same JSON with this text in place of each text. */
function withText(value: unknown, text: string): unknown {
  return JSON.parse(JSON.stringify(value), (_, one) => typeof one === "string" ? text : one);
}

Deno.test("any JSON as the payload of any event makes a harmless line", () => {
  const events = [...new Set(gitHubExamples.map(({ event }) => event))];
  fc.assert(
    fc.property(
      fc.constantFrom(...events, "", "__proto__", "toString"),
      fc.jsonValue({ maxDepth: 3 }),
      fc.nat(gitHubExamples.length - 1),
      fc.string(),
      (event, json, example, key) => {
        const other = gitHubExamples[example]?.payload;
        for (const payload of [json, { [event]: json, [key]: json }, other]) {
          assertHarmless(gitHubLine(event === "" ? "x" : event, payload));
        }
      },
    ),
    { numRuns: 300 },
  );
});
