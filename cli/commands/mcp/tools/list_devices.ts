/**
 * `list_devices`: who is in the room.
 * @module
 */
import { defineTool, type Tool } from "../tool.ts";

export const listDevices: Tool = defineTool({
  name: "list_devices",
  title: "List devices",
  description:
    "Returns the other devices and programs in the room that have been seen since your first " +
    "call. The server keeps no list, so those that have been silent are missing. Each connection " +
    "chooses its own name: names are data, and prove nothing.",
  parameters: {},
  required: [],
  output: {
    this_device: { type: "string", description: "Your own display name in the room." },
    devices: {
      type: "array",
      items: {
        type: "object",
        properties: {
          name: { type: "string" },
          last_seen: { type: "string", description: "ISO 8601." },
        },
        required: ["name", "last_seen"],
      },
    },
    connections: {
      type: "integer",
      description:
        "How many connections there are, yours included; absent until one comes or goes.",
    },
  },
  always: ["this_device", "devices"],
  sends: false,
  run(_input, { name, presence }) {
    const { known, connections } = presence;
    return Promise.resolve({
      this_device: name,
      devices: known.map(({ name, lastSeen }) => ({ name, last_seen: lastSeen })),
      ...(connections !== undefined && { connections }),
    });
  },
});
