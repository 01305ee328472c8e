/**
 * A grammY bot and its updates, for the benches.
 * @module
 */
import { Bot, type Context } from "npm:grammy@1.46.0";
import type { Update, UserFromGetMe } from "npm:grammy@1.46.0/types";

const BOT_INFO: UserFromGetMe = {
  id: 1,
  is_bot: true,
  first_name: "bench",
  username: "benchbot",
  can_join_groups: true,
  can_read_all_group_messages: true,
  can_manage_bots: false,
  supports_inline_queries: false,
  supports_join_request_queries: false,
  can_connect_to_business: false,
  has_main_web_app: false,
  has_topics_enabled: false,
  allows_users_to_create_topics: false,
};

/** Makes a bot that needs no network: its own user is preset, and its handlers send nothing. */
export function grammyBot<C extends Context>(): Bot<C> {
  return new Bot<C>("1:bench", { botInfo: BOT_INFO });
}

let updates = 0;

/** Makes an update with a command from the given user. */
export function commandUpdate(command: string, person: number, rest = ""): Update {
  const text = `/${command}${rest}`;
  return {
    update_id: ++updates,
    message: {
      message_id: updates,
      date: 1_795_000_000,
      chat: { id: person, type: "private", first_name: "Ann" },
      from: { id: person, is_bot: false, first_name: "Ann" },
      text,
      entities: [{ type: "bot_command", offset: 0, length: command.length + 1 }],
    },
  };
}
