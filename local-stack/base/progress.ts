import colors from 'picocolors';

const FRAMES = ['⠋', '⠙', '⠹', '⠸', '⠼', '⠴', '⠦', '⠧', '⠇', '⠏'];
const FRAME_MS = 100;
const WORTH_SAYING_MS = 1_000;

/** Does some work that has a title. */
export type Step = <T>(title: string, work: () => Promise<T>) => Promise<T>;

/** Shows the steps that are under way: a spinner on a terminal, plain lines elsewhere. */
export class Progress {
  #stream: NodeJS.WriteStream;
  #running = new Set<{ title: string; since: number }>();
  #timer: NodeJS.Timeout | undefined;
  #frame = 0;

  constructor(stream: NodeJS.WriteStream = process.stdout) {
    this.#stream = stream;
  }

  /** One permanent line. */
  say(line: string): void {
    this.#clear();
    this.#stream.write(`${line}\n`);
  }

  /** Shows the title while the work runs, and then how long it took if it took a second. */
  step: Step = async (title, work) => {
    const entry = { title, since: Date.now() };
    const plain = this.#stream.isTTY ? undefined : this.#sayLater(entry);
    this.#begin(entry);
    try {
      const result = await work();
      const tookMs = Date.now() - entry.since;
      if (tookMs >= WORTH_SAYING_MS) {
        this.say(`${colors.green('✓')} ${title} (${(tookMs / 1000).toFixed(1)} s)`);
      }
      return result;
    } finally {
      clearTimeout(plain);
      this.#end(entry);
    }
  };

  #sayLater({ title }: { title: string }): NodeJS.Timeout {
    return setTimeout(() => this.say(`… ${title}`), WORTH_SAYING_MS / 2).unref();
  }

  #begin(entry: { title: string; since: number }): void {
    this.#running.add(entry);
    if (this.#stream.isTTY) this.#timer ??= setInterval(() => this.#draw(), FRAME_MS).unref();
  }

  #end(entry: { title: string; since: number }): void {
    this.#running.delete(entry);
    this.#clear();
    if (this.#running.size > 0) return;
    clearInterval(this.#timer);
    this.#timer = undefined;
  }

  #draw(): void {
    const now = Date.now();
    const titles = [...this.#running].map(
      ({ title, since }) => `${title} ${Math.round((now - since) / 1000)} s`,
    );
    this.#frame = (this.#frame + 1) % FRAMES.length;
    const text = `${FRAMES[this.#frame]} ${titles.join(' · ')}`;
    this.#clear();
    this.#stream.write(text.slice(0, (this.#stream.columns ?? 80) - 1));
  }

  #clear(): void {
    if (this.#stream.isTTY) this.#stream.write('\r\x1b[2K');
  }
}
