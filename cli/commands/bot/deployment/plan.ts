/**
 * The files of a deployment, and what the user does with them.
 * @module
 */
import { join, relative } from "@std/path";
import { shellWord } from "../../../command_line/shell_word.ts";
import { composeFile } from "./compose_file.ts";
import {
  dockerfile,
  DOCKERIGNORE,
  environmentFile,
  IMAGE_PLACES,
  imageName,
} from "./container_image.ts";
import { type Deployment, stopSeconds, type Target } from "./deployment.ts";
import { DENO, systemdUnit, unitName, unitPlaces, variablesFile } from "./systemd_unit.ts";

/** What to write, and what to do next. */
export interface Plan {
  /** The files by path. */
  readonly files: ReadonlyMap<string, string>;
  /** In order. */
  readonly steps: readonly Step[];
}

/** What the user does next. */
export interface Step {
  /** What it is for, without punctuation at the end. */
  readonly purpose: string;
  /** A command for a POSIX shell. */
  readonly command: string;
}

/**
 * Plans a deployment with its files in the folder `output`. In commands, paths are written as `shown`
 * returns them.
 */
export function planDeployment(
  target: Target,
  deployment: Deployment,
  output: string,
  shown: (path: string) => string,
): Plan {
  const word = (path: string): string => shellWord(shown(path));
  return target === "systemd"
    ? planUnit(deployment, output, word)
    : planImage(target, deployment, output, word);
}

function planUnit(deployment: Deployment, output: string, word: (path: string) => string): Plan {
  const unit = unitName(deployment);
  const { project, tokenFile } = unitPlaces(deployment);
  const path = join(output, `${unit}.service`);
  return {
    files: new Map([[path, systemdUnit(deployment)]]),
    steps: [
      {
        purpose: "Put Deno where every user can run it",
        command: `sudo install "$(command -v deno)" ${DENO}`,
      },
      {
        purpose: "Copy the bot",
        // With "/.", what is in the folder is copied, not the folder itself.
        command: `sudo mkdir -p ${project} && sudo cp -R ${word(deployment.project)}/. ${project}`,
      },
      deployment.fleet === undefined
        ? {
          purpose: "Store the session, readable only by root",
          command: `${sessionToken(deployment)} | ${INSTALL_SECRET} ${tokenFile}`,
        }
        : {
          purpose: "Store the fleet's key and the database's access token, readable only by root",
          command: `${FLEET_SECRETS} | ${INSTALL_SECRET} ${variablesFile(deployment)}`,
        },
      {
        purpose: "Start the bot, now and after every boot",
        command: `sudo cp ${word(path)} /etc/systemd/system/ && sudo systemctl daemon-reload && ` +
          `sudo systemctl enable --now ${unit}`,
      },
      ...fleetSteps(deployment),
      { purpose: "Read its log", command: `journalctl -fu ${unit}` },
    ],
  };
}

function planImage(
  target: "docker" | "compose",
  deployment: Deployment,
  output: string,
  word: (path: string) => string,
): Plan {
  const { project } = deployment;
  const path = join(output, "Dockerfile");
  const variables = join(output, environmentFile(deployment));
  const image = imageName(deployment);
  const imageFiles: readonly (readonly [string, string])[] = [
    [path, dockerfile(deployment, Deno.version.deno)],
    // Docker prefers this one to the project's own .dockerignore.
    [`${path}.dockerignore`, DOCKERIGNORE],
  ];
  const storeSession: Step = deployment.fleet === undefined
    ? {
      purpose: "Store the session, readable only by you",
      command: `(umask 077; echo "ROOMZ_TOKEN=$(${sessionToken(deployment)})" > ${
        word(variables)
      })`,
    }
    : {
      purpose: "Store the fleet's key and the database's access token, readable only by you",
      command: `(umask 077; ${FLEET_SECRETS} > ${word(variables)})`,
    };
  if (target === "docker") {
    return {
      files: new Map(imageFiles),
      steps: [
        storeSession,
        {
          purpose: "Build the image",
          command: `docker build -t ${image} -f ${word(path)} ${word(project)}`,
        },
        {
          purpose: "Start the bot, now and after every boot",
          command: `docker run --detach --name ${image} --restart unless-stopped ` +
            `--stop-timeout ${stopSeconds(deployment)} --read-only --tmpfs /tmp --cap-drop ALL ` +
            `--security-opt no-new-privileges --env-file ${word(variables)} ` +
            `--volume ${image}:${IMAGE_PLACES.state} ${image}`,
        },
        ...fleetSteps(deployment),
        { purpose: "Read its log", command: `docker logs --follow ${image}` },
      ],
    };
  }
  const composePath = join(output, "compose.yaml");
  const context = slashed(relative(output, project)) || ".";
  const compose = `docker compose -f ${word(composePath)}`;
  return {
    files: new Map([
      ...imageFiles,
      [composePath, composeFile(deployment, context, slashed(relative(project, path)))],
    ]),
    steps: [
      storeSession,
      {
        purpose: "Build the image, and start the bot, now and after every boot",
        command: `${compose} up --build --detach`,
      },
      ...fleetSteps(deployment),
      { purpose: "Read its log", command: `${compose} logs --follow` },
    ],
  };
}

const INSTALL_SECRET = "sudo install -D -m 600 /dev/stdin";

/** Prints the variables that a fleet's hosts need; fails where one is not set in the shell. */
const FLEET_SECRETS = "printf 'ROOMZ_FLEET_KEY=%s\\nDENO_KV_ACCESS_TOKEN=%s\\n' " +
  '"${ROOMZ_FLEET_KEY:?}" "${DENO_KV_ACCESS_TOKEN:?}"';

/** What a fleet needs besides hosts: accounts, which are added from any machine that has the key. */
function fleetSteps({ bot, server, fleet }: Deployment): readonly Step[] {
  if (fleet === undefined) return [];
  const name = shellWord(fleet.name ?? bot);
  const storage = shellWord(fleet.storage);
  return [
    {
      purpose: "Add an account, from a shell with the same variables",
      command: `roomz sessions add ada@example.com --fleet ${name} --storage ${storage} ` +
        `-s ${shellWord(server)}`,
    },
    {
      purpose: "See hosts and accounts",
      command: `roomz fleet status ${name} --storage ${storage}`,
    },
  ];
}

function sessionToken({ server }: Deployment): string {
  return `roomz sessions --token -s ${shellWord(server)}`;
}

/** A path as Compose has it, on Windows too. */
function slashed(path: string): string {
  return path.replaceAll("\\", "/");
}
