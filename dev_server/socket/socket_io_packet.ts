/**
 * Socket.IO v5 packets, parsed as python-socketio does.
 * @module
 */
import { dumps } from "../base/python_json.ts";

/** Packet types. */
export const PacketType = {
  CONNECT: 0,
  DISCONNECT: 1,
  EVENT: 2,
  ACK: 3,
  CONNECT_ERROR: 4,
  BINARY_EVENT: 5,
  BINARY_ACK: 6,
} as const;

/** A packet without its attachments. */
export interface SocketPacket {
  readonly type: number;
  /** The number of binary attachments that follow. */
  readonly attachments: number;
  /** "/" unless the client specifies another one. */
  readonly namespace: string;
  /** In decimal digits, because the service returns ids of any size up to 100 digits. */
  readonly id: string | undefined;
  /** The JSON value, or undefined if the packet has none. */
  readonly data: unknown;
}

const MAX_ID_DIGITS = 100;
const MAX_COUNT_DIGITS = 10;

/** Parses a packet. @returns Undefined if it is malformed. */
export function decodePacket(text: string): SocketPacket | undefined {
  const type = Number(/^[0-6]/.exec(text)?.[0] ?? Number.NaN);
  if (Number.isNaN(type)) return undefined;
  let rest = text.slice(1);

  const count = /^(\d+)-/.exec(rest)?.[1];
  if (count !== undefined && count.length > MAX_COUNT_DIGITS) return undefined;
  if (count !== undefined) rest = rest.slice(count.length + 1);

  let namespace = "/";
  if (rest.startsWith("/")) {
    const comma = rest.indexOf(",");
    const named = comma === -1 ? rest : rest.slice(0, comma);
    rest = comma === -1 ? "" : rest.slice(comma + 1);
    namespace = named.split("?", 1)[0] ?? "/";
  }

  const digits = /^\d+/.exec(rest)?.[0];
  if (digits !== undefined && digits.length > MAX_ID_DIGITS) return undefined;
  if (digits !== undefined) rest = rest.slice(digits.length);

  const data = rest === "" ? { value: undefined } : parse(rest);
  return data && {
    type,
    attachments: Number(count ?? 0),
    namespace,
    id: digits === undefined ? undefined : BigInt(digits).toString(),
    data: data.value,
  };
}

function parse(text: string): { readonly value: unknown } | undefined {
  try {
    return { value: JSON.parse(text) };
  } catch {
    return undefined;
  }
}

/** Encodes a packet without attachments. */
export function encodePacket(
  type: number,
  data: unknown,
  { namespace = "/", id = "" }: { readonly namespace?: string; readonly id?: string } = {},
): string {
  const prefix = namespace === "/" ? "" : `${namespace},`;
  return `${type}${prefix}${id}${dumps(data)}`;
}

/** Replaces placeholders with their attachments, or null if one is missing. */
export function withAttachments(data: unknown, attachments: readonly unknown[]): unknown {
  if (Array.isArray(data)) return data.map((item) => withAttachments(item, attachments));
  if (typeof data !== "object" || data === null) return data;
  const { _placeholder, num }: Readonly<Record<string, unknown>> = { ...data };
  if (_placeholder && num !== undefined) return attachments[Number(num)] ?? null;
  return Object.fromEntries(
    Object.entries(data).map(([key, value]) => [key, withAttachments(value, attachments)]),
  );
}
