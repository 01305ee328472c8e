/**
 * `roomz bot deploy`: writes what a bot needs to run on a server for good.
 * @module
 */
import { dirname, relative, resolve } from "@std/path";
import { serverOf } from "../../account/server_of.ts";
import type { CommandInput, CommandSpec } from "../../command_line/command_spec.ts";
import { CommandError, ExitCode } from "../../command_line/exit_code.ts";
import type { Io } from "../../command_line/io.ts";
import { readConfiguration } from "../../config/configuration.ts";
import { homeFolder } from "../../config/folders.ts";
import { listenAddress } from "../../http/listen_address.ts";
import { print, printJson, say } from "../../terminal/output.ts";
import {
  type Deployment,
  deploymentName,
  type FleetPlace,
  type Target,
  TARGETS,
} from "./deployment/deployment.ts";

/** Where an image answers health checks, unless another address is given. */
const IMAGE_HEALTH = "127.0.0.1:8081";

export const botDeployCommand: CommandSpec = {
  name: "deploy",
  summary: "Write what a bot needs to run on a server: a systemd unit or a container image.",
  examples: [
    "roomz bot deploy bot.ts --systemd -s https://roomz.example",
    "roomz bot deploy bot.ts --compose -- --allow-net=api.example",
    "roomz bot deploy bot.ts --systemd --fleet --storage https://kv.example -s https://roomz.example",
  ],
  arguments: "<file> [permissions...]",
  usage: "<file> (--systemd | --docker | --compose) [permissions...]",
  options: [
    { flags: "--systemd", summary: "Write a unit for systemd." },
    { flags: "--docker", summary: "Write a Dockerfile." },
    { flags: "--compose", summary: "Write a Dockerfile and a file for Docker Compose." },
    {
      flags: "-o, --output <path>",
      summary: "The folder to write to (default: the folder of the bot's deno.json).",
    },
    {
      flags: "--health <address>",
      summary: `Answer health checks at this address (default: for images, ${IMAGE_HEALTH}).`,
    },
    {
      flags: "--fleet [name]",
      summary: "Deploy a host of a fleet, by default named like the bot.",
    },
    { flags: "--storage <url>", summary: "The KV server of the fleet." },
    { flags: "--force", summary: "Replace files that exist." },
    { flags: "--json", summary: "Print one JSON object per file: path, status." },
  ],
  async run(io, input) {
    const [file = "", ...permissions] = input.words;
    const target = targetOf(input);
    requirePermissions(permissions);
    const deployment = await readDeployment(io, input, target, file, permissions);
    const output = resolve(io.workingFolder(), input.text("output") ?? deployment.project);
    const { planDeployment } = await import("./deployment/plan.ts");
    const { files, steps } = planDeployment(target, deployment, output, (path) => shown(io, path));
    const existing = await existingFiles(files.keys());
    const changed = [...files].filter(([path, text]) => existing.get(path) !== text);
    const conflict = changed.find(([path]) => existing.has(path));
    if (conflict !== undefined && !input.flag("force")) {
      throw new CommandError(
        `${shown(io, conflict[0])} exists and is different. Nothing was written. Replace it with ` +
          "--force, or write to another folder with --output.",
      );
    }
    await Deno.mkdir(output, { recursive: true });
    for (const [path, text] of changed) await Deno.writeTextFile(path, text);
    for (const [path] of files) {
      const status = !existing.has(path)
        ? "created"
        : changed.some(([one]) => one === path)
        ? "replaced"
        : "unchanged";
      if (input.flag("json")) await printJson(io, { path, status });
      else await print(io, shown(io, path));
    }
    const lines = steps.map(({ purpose, command }) => `${purpose}:\n  ${command}`);
    await say(io, ["What to do next:", ...lines].join("\n"));
  },
};

/** @throws {CommandError} Not exactly one target was given. */
function targetOf(input: CommandInput): Target {
  const [target, ...others] = TARGETS.filter((name) => input.flag(name));
  if (target !== undefined && others.length === 0) return target;
  throw new CommandError(
    "Choose where the bot is to run: --systemd, --docker or --compose (which writes the Dockerfile " +
      "as well).",
    ExitCode.USAGE,
  );
}

/** @throws {CommandError} A word after `--` is not a permission to be granted one by one. */
function requirePermissions(words: readonly string[]): void {
  // deno-lint-ignore no-control-regex -- no file has a way to write these
  const wrong = words.find((word) => !/^--[a-z][\w-]*(=[^\x00-\x1f]*)?$/.test(word));
  if (wrong !== undefined) {
    throw new CommandError(
      `Only permission flags of Deno go after --, such as --allow-net=api.example; "${wrong}" is not one.`,
      ExitCode.USAGE,
    );
  }
  if (!words.includes("--allow-all")) return;
  throw new CommandError(
    "A deployed bot gets only the permissions that it needs. Instead of --allow-all, name them, such " +
      "as --allow-net=api.example.",
    ExitCode.USAGE,
  );
}

async function readDeployment(
  io: Io,
  input: CommandInput,
  target: Target,
  file: string,
  permissions: readonly string[],
): Promise<Deployment> {
  const { loadBot } = await import("./bot_file.ts");
  const { projectFolder } = await import("./bot_imports.ts");
  const bot = await loadBot(io, file); // Fail early if it cannot be loaded.
  const path = resolve(io.workingFolder(), file);
  const project = await projectFolder(path);
  if ([homeFolder(io), dirname(project)].includes(project)) {
    throw new CommandError(
      `All files in ${project} would be deployed with the bot, because its configuration is there. ` +
        "Move the bot and its deno.json to a folder of their own.",
    );
  }
  const fleet = fleetOf(input);
  const { server_url } = await readConfiguration(io, input);
  const server = serverOf(server_url);
  if (target !== "systemd") {
    requireReachable(server, `The server ${server} (${server_url.origin})`, "-s URL");
    if (fleet !== undefined) {
      requireReachable(fleet.storage, "The database of the fleet", "--storage URL");
    }
  }
  const health = input.text("health") ?? (target === "systemd" ? undefined : IMAGE_HEALTH);
  return {
    bot: bot.name,
    name: deploymentName(fleet?.name ?? bot.name),
    project,
    file: relative(project, path).replaceAll("\\", "/"),
    server,
    permissions,
    health: health === undefined ? undefined : listenAddress("--health", health),
    fleet,
  };
}

/** @throws {CommandError} `--fleet` or `--storage` is missing, or the storage is not a KV server. */
function fleetOf(input: CommandInput): FleetPlace | undefined {
  const name = input.text("fleet");
  const storage = input.text("storage");
  if (name === undefined && !input.flag("fleet")) {
    if (storage === undefined) return undefined;
    throw new CommandError("--storage is for a fleet: add --fleet.", ExitCode.USAGE);
  }
  if (/^https?:$/.test(URL.parse(storage ?? "")?.protocol ?? "")) {
    return { name, storage: storage ?? "" };
  }
  throw new CommandError(
    "The hosts of a deployed fleet meet in a KV server. Name it with --storage, such as --storage " +
      "https://kv.example.",
    ExitCode.USAGE,
  );
}

/** @throws {CommandError} The URL means the container itself. */
function requireReachable(url: string, what: string, option: string): void {
  if (!/^(localhost|127\.[\d.]+|\[::1\])$/.test(new URL(url).hostname)) return;
  throw new CommandError(
    `${what} names this machine, but in a container it means the container. Pass a URL that the ` +
      `container can reach: ${option}`,
    ExitCode.USAGE,
  );
}

/** The files among `paths` that exist, with their text. */
async function existingFiles(paths: Iterable<string>): Promise<ReadonlyMap<string, string>> {
  const found = new Map<string, string>();
  for (const path of paths) {
    try {
      found.set(path, await Deno.readTextFile(path));
    } catch (error) {
      if (!(error instanceof Deno.errors.NotFound)) throw error;
    }
  }
  return found;
}

/** A path as the user would write it. */
function shown(io: Io, path: string): string {
  const short = relative(io.workingFolder(), path);
  return short.startsWith("..") ? path : short || ".";
}
