/**
 * Generated sequences of valid frames and requests on several connections.
 * @module
 */
import fc from "fast-check";

/** The kind of session in a cookie. */
export type SessionKind =
  | "good"
  | "expired"
  | "forged"
  | "stranger"
  | "garbage"
  | "otherVersion"
  | "noChannel"
  | "future"
  | "noSubject"
  | "upperCase";

/** A header. `{good0}` and the like are placeholders for the session of that kind and account. */
export type HeaderTemplate = readonly [name: string, value: string];

/** The transport of a connection. */
export type Transport = "websocket" | "polling" | "upgraded";

/** An action of a client. */
export type Step =
  | {
    readonly do: "open";
    readonly slot: number;
    readonly transport: Transport;
    readonly path: string;
    readonly headers: readonly HeaderTemplate[];
  }
  | { readonly do: "join"; readonly slot: number; readonly packet: string }
  | { readonly do: "frame"; readonly slot: number; readonly packet: string }
  | {
    /** Several packets at once, without waiting for an answer. */
    readonly do: "burst";
    readonly slot: number;
    readonly packets: readonly string[];
  }
  | {
    readonly do: "binary";
    readonly slot: number;
    readonly packet: string;
    readonly attachments: readonly (readonly number[])[];
    /** Whether it is sent as Base64 in text frames. */
    readonly asText: boolean;
  }
  | { readonly do: "leave"; readonly slot: number; readonly packet: "41" | "1" }
  | { readonly do: "close"; readonly slot: number }
  | {
    readonly do: "request";
    readonly method: string;
    readonly target: string;
    readonly headers: readonly HeaderTemplate[];
    readonly body?: string;
    /** The account, if the request asks for a magic link. */
    readonly asksFor?: number;
  };

/** The connections that a scenario opens and closes, in addition to the two watchers. */
export const SLOTS = 3;

const slot = fc.nat({ max: SLOTS - 1 });
const account = fc.constantFrom(0, 0, 0, 1);

const WHITE_SPACE = " \t\n\r\x0b\x0c\x1c\x1f\x85\xa0\u2003\u2028\u3000\ufeff\u200b\u180e\x00";
const piece = fc.oneof(
  { weight: 3, arbitrary: fc.string({ unit: "binary", maxLength: 20 }) },
  { weight: 3, arbitrary: fc.string({ unit: "grapheme", maxLength: 20 }) },
  { weight: 2, arbitrary: fc.string({ unit: fc.constantFrom(...WHITE_SPACE), maxLength: 5 }) },
  {
    weight: 2,
    arbitrary: fc.string({ unit: fc.constantFrom(..."<>&\"'/\\;#x27amp"), maxLength: 9 }),
  },
  { weight: 1, arbitrary: fc.constantFrom("\ud800", "\udfff", "\ud83d", "\x7f", "&lt;", "\u202e") },
);
const longText = fc.tuple(
  fc.constantFrom("x", "😀", "<", "&", '"', "é", " y"),
  fc.integer({ min: 160, max: 1_010 }),
).map(([unit, count]) => unit.repeat(count));
const text = fc.oneof(
  { weight: 6, arbitrary: fc.array(piece, { maxLength: 4 }).map((pieces) => pieces.join("")) },
  { weight: 1, arbitrary: longText },
  { weight: 1, arbitrary: fc.tuple(longText, piece).map((parts) => parts.join("")) },
);
const name = fc.oneof(
  { weight: 4, arbitrary: piece },
  { weight: 1, arbitrary: fc.integer({ min: 48, max: 52 }).map((count) => "n".repeat(count)) },
  { weight: 1, arbitrary: fc.integer({ min: 48, max: 52 }).map((count) => "😀".repeat(count)) },
  { weight: 1, arbitrary: fc.integer({ min: 9, max: 51 }).map((count) => "<".repeat(count)) },
);
const scalar = fc.constantFrom<unknown>(null, true, false, 0, -1, 5, 1.5, 1e300, "", "text");
const value = fc.oneof(
  scalar,
  fc.array(scalar, { maxLength: 2 }),
  fc.dictionary(fc.constantFrom("content", "a", "__proto__", "display_name"), scalar),
);

/** The ways to write a value in JSON. */
function json(values: fc.Arbitrary<unknown>): fc.Arbitrary<string> {
  return fc.tuple(values, fc.constantFrom("plain", "plain", "plain", "wide", "ascii"))
    .map(([value, style]) => {
      const plain = JSON.stringify(value, null, style === "wide" ? 1 : undefined);
      return style === "ascii"
        ? plain.replace(
          /[\x7f-\uffff]/g,
          (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`,
        )
        : plain;
    });
}

const acknowledgementId = fc.oneof(
  { weight: 2, arbitrary: fc.constant("") },
  { weight: 4, arbitrary: fc.nat({ max: 999 }).map(String) },
  {
    weight: 2,
    arbitrary: fc.bigInt({ min: 2n ** 53n - 2n, max: 10n ** 99n }).map(String),
  },
  { weight: 1, arbitrary: fc.constantFrom("007", "00", "9".repeat(100), "9007199254740993") },
);
const namespace = fc.constantFrom("", "", "", "", "/,");

function event(data: fc.Arbitrary<unknown>): fc.Arbitrary<string> {
  return fc.tuple(namespace, acknowledgementId, json(data))
    .map(([namespace, id, data]) => `42${namespace}${id}${data}`);
}

const message = event(
  fc.tuple(
    text,
    fc.dictionary(fc.constantFrom("more", "id", "user", "constructor"), value, {
      maxKeys: 1,
    }),
  ).map(([content, more]) => ["message", { content, ...more }]),
);
const badMessage = event(
  fc.oneof(value, value.map((content) => ({ content })))
    .map((payload) => ["message", payload]),
);
const rename = event(
  fc.oneof(
    { weight: 3, arbitrary: name.map((display_name) => ({ display_name })) },
    { weight: 1, arbitrary: value.map((display_name) => ({ display_name })) },
    { weight: 1, arbitrary: value },
  ).map((payload) => ["set_display_name", payload]),
);
const oddEvent = event(fc.oneof(
  fc.tuple(fc.constantFrom("who", "typing", "", "__proto__", "constructor", "Message"), value),
  fc.constantFrom("message", "set_display_name", "who").map((event) => [event]),
  fc.tuple(fc.constantFrom("message", "set_display_name"), value, value),
));
const otherPacket = fc.constantFrom(
  ...["5", "5probe", "3", "430[]", '431["x"]', "40", '40{"token":"x"}', "40/admin,", "40/admin"],
  ...["41/admin,", '42/admin,["message",{"content":"x"}]', '42/admin,5["message",{}]', "40/?a=b,"],
);
const joinPacket = fc.constantFrom(
  ...["40", "40", "40", "40", "40{}", '40{"token":"x"}', "40/,", '40/,{"token":"x"}', "40/?x=1,"],
);

const cookiePart = fc.tuple(
  fc.constantFrom<SessionKind>(
    ...["good", "good", "good", "good", "good", "good", "expired", "forged", "stranger"] as const,
    ...["garbage", "otherVersion", "noChannel", "future", "noSubject", "upperCase"] as const,
  ),
  account,
  fc.constantFrom(
    ...["session_token={}", "session_token={}", "session_token={}", "a=b", "session_token="],
    ...['session_token="{}"', "Session_token={}", "xsession_token={}", " session_token={} "],
    ...["session_token ={}", "session_token={}=", "session_token", "theme=dark mode"],
  ),
).map(([kind, account, form]) => form.replace("{}", `{${kind}${account}}`));
const cookieLine = fc.tuple(
  fc.array(cookiePart, { minLength: 1, maxLength: 3 }),
  fc.constantFrom("; ", ";", " ; "),
).map(([parts, separator]): HeaderTemplate => ["Cookie", parts.join(separator)]);
const goodCookie = account.map((account): HeaderTemplate[] => [
  ["Cookie", `session_token={good${account}}`],
]);
/** Two lines, one of which has a valid session at its start or end. */
const twoLines = fc.tuple(
  account,
  fc.constantFrom(
    ["session_token={}", "a=b"],
    ["a=b; session_token={}", "c=d"],
    ["session_token={}; a=b", "c=d"],
    ["a=b", "session_token={}"],
    ["a=b", "c=d; session_token={}"],
    ["a=b; c=d", "session_token={}; e=f"],
  ),
).map(([account, lines]) =>
  lines.map((line): HeaderTemplate => ["Cookie", line.replace("{}", `{good${account}}`)])
);
const origin = fc.subarray<HeaderTemplate>([["Origin", "http://elsewhere.test"]]);
const cookieLines = fc.oneof(
  { weight: 8, arbitrary: goodCookie },
  { weight: 1, arbitrary: twoLines },
  { weight: 2, arbitrary: fc.array(cookieLine, { maxLength: 2 }) },
);
const cookies = fc.tuple(cookieLines, origin).map((lines) => lines.flat());

const enginePath = fc.constantFrom(
  ...[
    "/socket.io/",
    "/socket.io/",
    "/socket.io",
    "/socket.io/more",
    "/%73ocket.io/",
    "/socket%2eio",
  ],
);
const webSocketTarget = fc.tuple(
  enginePath,
  fc.constantFrom("EIO=4&transport=websocket", "transport=websocket&EIO=4&t=Pq1"),
).map(([path, query]) => `${path}?${query}`);
const pollingPath = enginePath;

const open: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      do: fc.constant("open" as const),
      slot,
      transport: fc.constant("websocket" as const),
      path: webSocketTarget,
      headers: cookies,
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant("open" as const),
      slot,
      transport: fc.constantFrom("polling" as const, "upgraded" as const),
      path: pollingPath,
      headers: cookies,
    }),
  },
);

const frame: fc.Arbitrary<Step> = fc.record({
  do: fc.constant("frame" as const),
  slot,
  packet: fc.oneof(
    { weight: 8, arbitrary: message },
    { weight: 2, arbitrary: badMessage },
    { weight: 4, arbitrary: rename },
    { weight: 2, arbitrary: oddEvent },
    { weight: 2, arbitrary: otherPacket },
  ),
});

const burst: fc.Arbitrary<Step> = fc.record({
  do: fc.constant("burst" as const),
  slot,
  packets: fc.array(fc.oneof(message, message, message, rename, badMessage), {
    minLength: 2,
    maxLength: 6,
  }),
});

const placeholder = (num: number) => ({ _placeholder: true, num });
const binary: fc.Arbitrary<Step> = fc.record({
  do: fc.constant("binary" as const),
  slot,
  packet: fc.tuple(
    acknowledgementId,
    fc.constantFrom<unknown>(
      ["message", { content: placeholder(0), x: placeholder(1) }],
      ["message", { content: "a<b", x: [placeholder(0), placeholder(1)] }],
      ["message", [placeholder(0), placeholder(1)]],
      ["set_display_name", { display_name: "b", x: placeholder(0), y: placeholder(1) }],
      ["who", placeholder(0), placeholder(1)],
    ),
  ).map(([id, data]) => `452-${id}${JSON.stringify(data)}`),
  attachments: fc.tuple(
    fc.array(fc.nat({ max: 255 }), { minLength: 1, maxLength: 4 }),
    fc.array(fc.nat({ max: 255 }), { minLength: 1, maxLength: 4 }),
  ),
  asText: fc.boolean(),
});

const paths = [
  ...[
    "/",
    "/auth/me",
    "/auth/verify",
    "/auth/logout",
    "/auth/request-magic-link",
    "/auth",
    "/nope",
  ],
  ...["/auth/me/", "/auth/ME", "/auth/request-magic-link/x", "/favicon.ico", "/auth/m\u00e9"],
];

/** Percent-encodes some characters of a path, and doubles some of its slashes. */
const path = fc.tuple(
  fc.constantFrom(...paths),
  fc.array(fc.nat({ max: 30 }), { maxLength: 3 }),
  fc.constantFrom("", "", "", "", "/", "//"),
  fc.constantFrom(1, 1, 1, 1, 2, 3),
).map(([path, encoded, prefix, inner]) => {
  const characters = Array.from(path, (character, index) => {
    if (character === "/") return index > 0 ? "/".repeat(inner) : "/";
    if (character > "\x7f") return encodeURIComponent(character);
    return encoded.includes(index)
      ? `%${character.charCodeAt(0).toString(16)[index % 2 ? "toUpperCase" : "toLowerCase"]()}`
      : character;
  });
  return prefix + characters.join("");
});
const method = fc.constantFrom(
  ...["GET", "GET", "GET", "GET", "POST", "POST", "HEAD", "OPTIONS", "PUT", "DELETE", "PATCH"],
);
const query = fc.constantFrom("", "", "", "?", "?a=b", "?error=x&y=%20z+");

const anyRequest: fc.Arbitrary<Step> = fc.record({
  do: fc.constant("request" as const),
  method,
  target: fc.tuple(path, query).map((parts) => parts.join("")),
  headers: cookies,
});
const whoAmI: fc.Arbitrary<Step> = fc.record({
  do: fc.constant("request" as const),
  method: fc.constantFrom("GET", "GET", "HEAD"),
  target: fc.constantFrom("/auth/me", "//auth/me", "/auth/%6de", "/auth/me?x=1"),
  headers: fc.array(cookieLine, { maxLength: 2 }),
});
const jsonType = fc.constantFrom(
  ...["application/json", "application/json", "application/json; charset=utf-8"],
  ...["APPLICATION/JSON", "application/problem+json", "text/plain", "application/jsonx"],
);
const askForLink: fc.Arbitrary<Step> = fc.tuple(
  account,
  jsonType,
  fc.constantFrom(
    ...["{}", "{}", "{}", " {} \n", "{upper}", "nobody", "a b@example.com", "a@b.c", "{stranger}"],
    ...["", "a@b.co\n", `${"x".repeat(65)}@example.com`],
  ),
  fc.constantFrom<unknown>("email", "email", "email", "email", 5, null, ["email"], {}),
).map(([account, type, form, shape]): Step => {
  const email = form
    .replace("{}", `{email${account}}`)
    .replace("{upper}", `{EMAIL${account}}`);
  const body = shape === "email" ? { email, more: 1 } : shape;
  return {
    do: "request",
    method: "POST",
    target: "/auth/request-magic-link",
    headers: [["Content-Type", type]],
    body: JSON.stringify(body),
    asksFor: account,
  };
});
const verify: fc.Arbitrary<Step> = fc.record({
  do: fc.constant("request" as const),
  method: fc.constantFrom("GET", "GET", "HEAD", "OPTIONS", "POST"),
  target: fc.tuple(
    fc.constantFrom("/auth/verify", "/auth/verify", "//auth/verify", "/auth/%76erify"),
    fc.constantFrom(
      ...["?token={token0}", "?token={token0}", "?token={token0}", "?token={token1}", "?token=x"],
      ...[
        "",
        "?token=",
        "?a=b&token={token0}",
        "?token={token0}&token=x",
        "?token=x&token={token0}",
      ],
      "?Token={token0}",
    ),
  ).map((parts) => parts.join("")),
  headers: cookies,
});
const engineRequest: fc.Arbitrary<Step> = fc.record({
  do: fc.constant("request" as const),
  method: fc.constantFrom("GET", "GET", "OPTIONS", "HEAD", "PUT", "DELETE", "POST"),
  target: fc.tuple(
    enginePath,
    fc.constantFrom(
      ...[
        "?EIO=4&transport=polling",
        "?EIO=4",
        "?EIO=4&j=3",
        "?EIO=3&transport=polling",
        "?EIO=4&j=x",
      ],
      ...[
        "",
        "?EIO=4&transport=websocket",
        "?EIO=4&transport=pigeon",
        "?EIO=4&sid=nobody",
        "?EIO=",
      ],
    ),
  ).map((parts) => parts.join("")),
  headers: fc.subarray<HeaderTemplate>([
    ["Origin", "http://elsewhere.test"],
    ["Access-Control-Request-Headers", "content-type, x-y"],
    ["Accept-Encoding", "gzip, deflate"],
  ]),
});

/** Requests a valid link and uses it, perhaps more than once. */
const logIn = fc.tuple(
  account,
  fc.array(fc.constantFrom("GET", "GET", "HEAD", "OPTIONS", "POST"), {
    minLength: 1,
    maxLength: 3,
  }),
).map(([account, methods]): Step[] => [
  askedFor(account),
  ...methods.map((method): Step => ({
    do: "request",
    method,
    target: `/auth/verify?token={token${account}}`,
    headers: [],
  })),
]);
/** Requests more links than an address gets in an hour. */
const tooManyLinks = fc.integer({ min: 4, max: 7 })
  .map((count) => Array.from({ length: count }, () => askedFor(1)));

function askedFor(account: number): Step {
  return {
    do: "request",
    method: "POST",
    target: "/auth/request-magic-link",
    headers: [["Content-Type", "application/json"]],
    body: `{"email":"{email${account}}"}`,
    asksFor: account,
  };
}

/** Opens a connection that joins immediately. */
const openAndJoin = fc.tuple(open, joinPacket).map(([opened, packet]): Step[] => [
  opened,
  ...(opened.do === "open" ? [{ do: "join" as const, slot: opened.slot, packet }] : []),
]);

const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 6, arbitrary: open },
  {
    weight: 4,
    arbitrary: fc.record({ do: fc.constant("join" as const), slot, packet: joinPacket }),
  },
  { weight: 16, arbitrary: frame },
  { weight: 2, arbitrary: burst },
  { weight: 2, arbitrary: binary },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant("leave" as const),
      slot,
      packet: fc.constantFrom("41" as const, "1" as const),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("close" as const), slot }) },
  { weight: 2, arbitrary: anyRequest },
  { weight: 2, arbitrary: whoAmI },
  { weight: 2, arbitrary: askForLink },
  { weight: 2, arbitrary: verify },
  { weight: 1, arbitrary: engineRequest },
);

/** A sequence that starts with two connections in the channels. */
export const scenario: fc.Arbitrary<readonly Step[]> = fc.array(
  fc.oneof(
    { weight: 40, arbitrary: step.map((step) => [step]) },
    { weight: 3, arbitrary: openAndJoin },
    { weight: 2, arbitrary: logIn },
    { weight: 1, arbitrary: tooManyLinks },
  ),
  { minLength: 10, maxLength: 40, size: "max" },
).map((steps) => [
  {
    do: "open",
    slot: 0,
    transport: "websocket",
    path: "/socket.io/?EIO=4&transport=websocket",
    headers: [["Cookie", "session_token={good0}"]],
  },
  { do: "join", slot: 0, packet: "40" },
  ...steps.flat(),
]);
