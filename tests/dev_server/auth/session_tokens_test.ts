/**
 * The session tokens that the server accepts and refuses.
 * @module
 */
import { createDevServer, DevServerError } from "@roomz/roomz/dev-server";
import { assertEquals, assertMatch, assertThrows } from "@std/assert";
import { decodeJwt, decodeProtectedHeader, SignJWT, UnsecuredJWT } from "jose";
import { leakChecked } from "../support/leak_checked.ts";

const NOW = Date.UTC(2026, 10, 22, 10, 0, 0) / 1000;
// Long enough for HS512 too, so that the algorithm is the only reason to refuse a token.
const SECRET = "a secret of at least 64 characters ".repeat(2);

const CLAIMS = {
  sub: "user:ada@example.com",
  email: "ada@example.com",
  iat: NOW - 60,
  exp: NOW + 60,
  channel_token: "anything",
  ver: 1,
};

function sign(claims: Record<string, unknown>, secret = SECRET, alg = "HS256"): Promise<string> {
  return new SignJWT(claims).setProtectedHeader({ alg }).sign(new TextEncoder().encode(secret));
}

/** The status of `/auth/me` for each token. */
async function statuses(tokens: Record<string, string>): Promise<Record<string, number>> {
  await using server = await createDevServer({
    port: 0,
    allowedEmails: ["ada@example.com"],
    jwtSecret: SECRET,
    clock: () => NOW * 1000,
  });
  const answers: Record<string, number> = {};
  for (const [name, token] of Object.entries(tokens)) {
    const headers = { cookie: `session_token=${token}` };
    const response = await fetch(`${server.url}/auth/me`, { headers });
    await response.body?.cancel();
    answers[name] = response.status;
  }
  return answers;
}

function every(names: Record<string, unknown>, status: number): Record<string, number> {
  return Object.fromEntries(Object.keys(names).map((name) => [name, status]));
}

leakChecked("a token is accepted without the claims that have a default", async () => {
  const { sub: _sub, ...withoutSub } = CLAIMS;
  const { ver: _ver, ...withoutVer } = CLAIMS;
  const tokens = {
    "all claims": await sign(CLAIMS),
    "no sub": await sign(withoutSub),
    "no ver": await sign(withoutVer),
    "email in capitals": await sign({ ...CLAIMS, email: "ADA@example.com" }),
    "issued this second": await sign({ ...CLAIMS, iat: NOW }),
    "empty channel_token": await sign({ ...CLAIMS, channel_token: "" }),
  };
  assertEquals(await statuses(tokens), every(tokens, 200));
});

leakChecked("a token with a missing or invalid claim is refused", async () => {
  const { email: _email, ...withoutEmail } = CLAIMS;
  const { iat: _iat, ...withoutIat } = CLAIMS;
  const { exp: _exp, ...withoutExp } = CLAIMS;
  const { channel_token: _channel, ...withoutChannel } = CLAIMS;
  const tokens = {
    "no email": await sign(withoutEmail),
    "no iat": await sign(withoutIat),
    "no exp": await sign(withoutExp),
    "no channel_token": await sign(withoutChannel),
    "empty email": await sign({ ...CLAIMS, email: "" }),
    "email that is no text": await sign({ ...CLAIMS, email: 5 }),
    "sub that is no text": await sign({ ...CLAIMS, sub: 7 }),
    "channel_token of null": await sign({ ...CLAIMS, channel_token: null }),
    "version 2": await sign({ ...CLAIMS, ver: 2 }),
    "version of null": await sign({ ...CLAIMS, ver: null }),
    "expired this second": await sign({ ...CLAIMS, exp: NOW }),
    "issued in the future": await sign({ ...CLAIMS, iat: NOW + 1 }),
    "not valid yet": await sign({ ...CLAIMS, nbf: NOW + 1 }),
    "for another audience": await sign({ ...CLAIMS, aud: "other" }),
    "not allowed": await sign({ ...CLAIMS, email: "eve@example.com" }),
  };
  assertEquals(await statuses(tokens), every(tokens, 401));
});

leakChecked("a token with an invalid signature is refused", async () => {
  const valid = await sign(CLAIMS);
  const other = await sign({ ...CLAIMS, email: "eve@example.com" });
  const [header, , signature] = valid.split(".");
  const tokens = {
    "another secret": await sign(CLAIMS, "another secret of 32 characters!"),
    "another algorithm": await sign(CLAIMS, SECRET, "HS512"),
    "no algorithm": new UnsecuredJWT(CLAIMS).encode(),
    "another's claims": `${header}.${other.split(".")[1]}.${signature}`,
    "a longer signature": `${valid}x`,
    "no token at all": "abc",
  };
  assertEquals(await statuses(tokens), every(tokens, 401));
});

leakChecked("a minted session has the same claims as the service's", async () => {
  await using server = await createDevServer({
    port: 0,
    allowedEmails: "*",
    clock: () => NOW * 1000 + 999,
  });
  const token = await server.mintSession(" Ada@Example.com ");
  assertEquals(decodeProtectedHeader(token), { alg: "HS256", typ: "JWT" });
  const { channel_token, ...claims } = decodeJwt(token);
  assertEquals(claims, {
    sub: "user:ada@example.com",
    email: "ada@example.com",
    iat: NOW,
    exp: NOW + 30 * 24 * 3600,
    ver: 1,
  });
  assertMatch(String(channel_token), /^[\w-]{43}$/);
});

leakChecked("sessions survive a restart only if jwtSecret is set", async () => {
  const accepted = async (options: { readonly jwtSecret?: string }): Promise<number> => {
    const all = { port: 0, allowedEmails: "*" as const, ...options };
    await using before = await createDevServer(all);
    const cookie = `session_token=${await before.mintSession("ada@example.com")}`;
    await before.close();
    await using after = await createDevServer(all);
    const response = await fetch(`${after.url}/auth/me`, { headers: { cookie } });
    await response.body?.cancel();
    return response.status;
  };
  assertEquals(await accepted({ jwtSecret: SECRET }), 200);
  assertEquals(await accepted({}), 401);
});

leakChecked("the allow list is checked on every request", async () => {
  await using server = await createDevServer({ port: 0, allowedEmails: ["ada@example.com"] });
  const cookie = `session_token=${await server.mintSession("ada@example.com")}`;
  const status = async (): Promise<number> => {
    const response = await fetch(`${server.url}/auth/me`, { headers: { cookie } });
    await response.body?.cancel();
    return response.status;
  };
  assertEquals(await status(), 200);
  server.setAllowedEmails(["bob@example.com"]);
  assertEquals(await status(), 401);
  server.setAllowedEmails("*");
  assertEquals(await status(), 200);
  assertThrows(() => server.setAllowedEmails(["ada"]), DevServerError, 'contains "ada"');
  assertEquals(await status(), 200);
});
