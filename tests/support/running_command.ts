/**
 * A command that runs until it is stopped.
 * @module
 */

/** Reads what it prints, and stops it. */
export class RunningCommand {
  readonly #child: Deno.ChildProcess;
  readonly #input: WritableStreamDefaultWriter<Uint8Array> | undefined;
  readonly #read: Promise<unknown>;
  readonly code: Promise<number>;
  output = "";
  #heard = Promise.withResolvers<void>();

  constructor(child: Deno.ChildProcess, hasInput: boolean) {
    this.#child = child;
    this.#input = hasInput ? child.stdin.getWriter() : undefined;
    this.#read = Promise.all([child.stdout, child.stderr].map(async (stream) => {
      for await (const chunk of stream.pipeThrough(new TextDecoderStream())) {
        this.output += chunk;
        this.#heard.resolve();
        this.#heard = Promise.withResolvers();
      }
    }));
    this.code = this.#read.then(async () => (await child.status).code);
  }

  /** Resolves when the command has printed what matches. */
  async says(pattern: RegExp): Promise<RegExpExecArray> {
    const ended = this.code.then((code) => {
      throw new Error(`It ended with ${code} and never printed ${pattern}:\n${this.output}`);
    });
    ended.catch(() => {});
    for (;;) {
      const match = pattern.exec(this.output);
      if (match !== null) return match;
      await Promise.race([this.#heard.promise, ended]);
    }
  }

  async write(text: string): Promise<void> {
    await this.#input?.write(new TextEncoder().encode(text));
    await this.#input?.close();
  }

  async stop(): Promise<void> {
    try {
      this.#child.kill("SIGTERM");
    } catch {
      // It has ended by itself.
    }
    await this.code;
  }
}
