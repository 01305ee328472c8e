import { sign } from "@octokit/webhooks-methods";
import { assertEquals } from "@std/assert";
import { isAuthentic } from "../../../../cli/commands/webhook/authentication.ts";

const SECRET = "It's a Secret to Everybody";
const BODY = "Hello, World!";
/** The example in GitHub's documentation of webhooks. */
const SIGNATURE = "sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17";

async function authentic(
  headers: Readonly<Record<string, string>>,
  path = "/",
  body = BODY,
): Promise<boolean> {
  const url = `http://127.0.0.1:8080${path}`;
  return await isAuthentic({ headers: new Headers(headers), url, body }, SECRET);
}

Deno.test("GitHub's own example of a signature is accepted", async () => {
  assertEquals(await sign(SECRET, BODY), SIGNATURE);
  assertEquals(await authentic({ "X-Hub-Signature-256": SIGNATURE }), true);
});

const inPath = `/hooks/${encodeURIComponent(SECRET)}`;
const bearer = { authorization: "Bearer token-of-the-sender" };
const cases: readonly [
  what: string,
  headers: Readonly<Record<string, string>>,
  path: string,
  body: string,
  result: boolean,
][] = [
  ["another body", { "x-hub-signature-256": SIGNATURE }, "/", `${BODY} `, false],
  ["another signature", { "x-hub-signature-256": SIGNATURE.replace("7", "8") }, "/", BODY, false],
  ["an old signature (SHA-1)", { "x-hub-signature": "sha1=00" }, "/", BODY, false],
  ["an empty signature", { "x-hub-signature-256": "" }, "/", BODY, false],
  ["an empty body", { "x-hub-signature-256": SIGNATURE }, "/", "", false],
  [
    "a wrong signature, with the secret in the path",
    { "x-hub-signature-256": "sha256=0" },
    inPath,
    BODY,
    false,
  ],
  ["nothing", {}, "/", BODY, false],
  ["the secret in the path", {}, inPath, BODY, true],
  ["a part of the secret in the path", {}, inPath.slice(0, -1), BODY, false],
  ["the secret in another part of the path", {}, `${inPath}/x`, BODY, false],
  ["a path that is no text", {}, "/%ff", BODY, false],
  ["another secret in a header", bearer, "/", BODY, false],
  ["another secret in a header, with the secret in the path", bearer, inPath, BODY, false],
  ["another scheme", { authorization: "Basic YTpi" }, "/", BODY, false],
];
for (const [what, headers, path, body, result] of cases) {
  Deno.test(`${what}: ${result ? "accepted" : "refused"}`, async () => {
    assertEquals(await authentic(headers, path, body), result);
  });
}

Deno.test("the secret in a header is accepted", async () => {
  const headers = new Headers({ authorization: "Bearer 0123456789abcdef" });
  const proof = { headers, url: "http://127.0.0.1/", body: BODY };
  assertEquals(await isAuthentic(proof, "0123456789abcdef"), true);
  assertEquals(await isAuthentic(proof, "0123456789abcdeF"), false);
});
