import { assertEquals, assertMatch, assertNotEquals } from "@std/assert";
import {
  hashToken,
  isRenewalOf,
  isSessionJwt,
  sessionExpiry,
  sessionUser,
} from "../../../client/auth/session_token.ts";
import { sessionJwt } from "../support/session_jwt.ts";

const tokens: readonly [token: string, isJwt: boolean][] = [
  [sessionJwt(), true],
  ["a.b.c", true],
  ["a-_9.b.c", true],
  ["", false],
  ["magic-link-token_1", false],
  ["a.b", false],
  ["a.b.c.d", false],
  ["a..c", false],
  ["a.b.c\n", false],
  ["a b.c.d", false],
  ["a.b.c; Path=/", false],
];

for (const [token, isJwt] of tokens) {
  Deno.test(`${JSON.stringify(token)} is ${isJwt ? "a" : "not a"} session JWT`, () => {
    assertEquals(isSessionJwt(token), isJwt);
  });
}

Deno.test("a JWT's expiry is in milliseconds", () => {
  assertEquals(sessionExpiry(sessionJwt("one", { exp: 1_700_000_000 })), 1_700_000_000_000);
  assertEquals(sessionExpiry(sessionJwt("one", { exp: 1_700_000_000.5 })), 1_700_000_000_500);
});

Deno.test("a JWT's expiry is read regardless of its other claims", () => {
  for (const name of ["é", "日本", "~~~???>>>", "a", "ab", "abc"]) {
    const payload = new TextEncoder().encode(JSON.stringify({ name, exp: 1 }))
      .toBase64({ alphabet: "base64url", omitPadding: true });
    assertEquals(sessionExpiry(`e.${payload}.s`), 1_000, name);
  }
});

const withoutExpiry: readonly [name: string, jwt: string][] = [
  ["no exp", sessionJwt()],
  ["an exp that is a string", sessionJwt("one", { exp: "1" })],
  ["an exp after every possible date", sessionJwt("one", { exp: 1e300 })],
  ["an exp before every possible date", sessionJwt("one", { exp: -1e20 })],
  ["claims that are not base64", "a.*.c"],
  ["claims that are not JSON", `a.${btoa("{bad")}.c`],
  ["claims that are not an object", `a.${btoa("[1]")}.c`],
  ["claims that are null", `a.${btoa("null")}.c`],
  ["one part", "a"],
];

for (const [name, jwt] of withoutExpiry) {
  Deno.test(`a JWT with ${name} has an unknown expiry`, () => {
    assertEquals(sessionExpiry(jwt), undefined);
  });
}

Deno.test("a renewal is a session of the same account that lasts longer", () => {
  const session = sessionJwt("one", { exp: 100 });
  const renewals: readonly [isRenewal: boolean, jwt: string][] = [
    [true, sessionJwt("two", { exp: 101 })],
    [false, session],
    [false, sessionJwt("two", { exp: 99 })],
    [false, sessionJwt("two")],
    [false, sessionJwt("two", { exp: 101, sub: "user:ada@example.com" })],
    [false, "a.b.c"],
  ];
  for (const [isRenewal, jwt] of renewals) assertEquals(isRenewalOf(jwt, session), isRenewal);
  assertEquals(isRenewalOf(session, sessionJwt()), false);
  assertEquals(isRenewalOf(session, "a.b.c"), false);
});

Deno.test("a token's hash is its SHA-256 in hexadecimal, and does not reveal the token", async () => {
  // FIPS 180-2, appendix B.1.
  assertEquals(
    await hashToken("abc"),
    "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
  );
  assertMatch(await hashToken("magic"), /^[0-9a-f]{64}$/);
  assertNotEquals(await hashToken("magic"), await hashToken("magic2"));
});

Deno.test("a JWT says whose session it is, or nothing", () => {
  const jwt = (claims: Record<string, unknown>) => {
    return `e.${btoa(JSON.stringify(claims)).replaceAll("=", "")}.s`;
  };
  const email = "ada@example.com";
  assertEquals(sessionUser(jwt({ sub: "user:ada@example.com", email })), {
    id: "user:ada@example.com",
    email,
  });
  assertEquals(sessionUser(jwt({ sub: 5, email })), undefined);
  assertEquals(sessionUser(jwt({ sub: "user:ada@example.com" })), undefined);
  assertEquals(sessionUser("not-a-jwt"), undefined);
});
