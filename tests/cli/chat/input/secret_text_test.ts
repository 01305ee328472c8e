import { assertEquals } from "@std/assert";
import { holdsSecret, secretStart, withoutSecret } from "../../../../cli/chat/input/secret_text.ts";

const JWT = "eyJhbGciOi.eyJzdWIi.c2ln";

/** The secret starts at the |. */
const secrets: readonly string[] = [
  "/token |T",
  " /token |T",
  "/Token |T",
  "/TOKEN\t|T",
  "/tokn |T",
  "/toekn |T",
  "/tok |T",
  "/token|s T",
  "/token=|T",
  "/token: |T",
  "/token|T0K3N",
  "/token\n|T",
  "/login me@example.com |T",
  "/Login me@example.com |T",
  "/lgoin me@example.com |T",
  "/login |f3Kq-81xTTzPq_20aZ",
  "/wrod |f3Kq-81xTTzPq_20aZ",
  "token |f3Kq-81xTTzPq_20aZ",
  "Token: |f3Kq-81xTTzPq_20aZ",
  `/editor |${JWT}`,
  `my session is |${JWT} for now`,
  `|${JWT}`,
  `/|${JWT}`,
  "here: http://x/auth/verify?token=|abc",
  "https://safe.example/?url=http%3A%2F%2Fx%2Fauth%2Fverify%3Ftoken%3D|abc",
];
for (const marked of secrets) {
  Deno.test(`the secret in ${JSON.stringify(marked)} is found`, () => {
    const text = marked.replace("|", "");
    assertEquals(secretStart(text), marked.indexOf("|"));
    assertEquals(holdsSecret(text), true);
  });
}

const harmless: readonly string[] = [
  "hello",
  "the token is gone",
  "token please",
  "/login me@example.com",
  "/login",
  "/who",
  "/name Laptop of 2026-11-28T10",
  "/search f3Kq81xTTzPq20aZ",
  "/usr/bin/env: f3Kq81xTTzPq20aZ not found",
  "fixed in 0b4a66912f0c4d6e8f3Kq81xTTzPq20aZ",
  "https://example.com/?tokens=3",
  "heyJude.mp3",
];
for (const text of harmless) {
  Deno.test(`${JSON.stringify(text)} holds no secret`, () => {
    assertEquals([secretStart(text), holdsSecret(text)], [text.length, false]);
  });
}

Deno.test("the name of the command stays visible, but is not written to a file either", () => {
  assertEquals(["/to", "/token", "/token "].map(secretStart), [3, 6, 7]);
  assertEquals(["/token", "/tokn"].map(holdsSecret), [true, true]);
});

Deno.test("a bullet replaces each character of a secret", () => {
  assertEquals(withoutSecret("/tokn a📱"), "/tokn ••");
  assertEquals(withoutSecret("hello"), "hello");
});
