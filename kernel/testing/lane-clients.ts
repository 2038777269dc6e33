import type { Answer, ContendingNode } from './contending-node.ts';

/** A command, the last node that it was sent to, and its answer. */
type Command = {
  key: string;
  lane: number;
  node: ContendingNode | null;
  answer: Answer | null;
};

/** Clients, which send a command until it is answered. */
export class LaneClients {
  readonly #commands: Command[] = [];

  /** Sends what was sent in vain; else a new command. */
  ask(node: ContendingNode, lane: number): void {
    const isOpen = (one: Command) => one.lane === lane && !one.answer && !isUnderWay(one);
    const command = this.#commands.find(isOpen) ?? this.begin(lane);
    command.node = node;
    node.submit(lane, command.key).then(
      (answer) => {
        command.answer = answer;
      },
      () => undefined,
    );
  }

  /** A command that is not yet sent. */
  begin(lane: number): Command {
    const key = `key ${this.#commands.length}`;
    const command: Command = { key, lane, node: null, answer: null };
    this.#commands.push(command);
    return command;
  }

  answered(lane: number, answer: Answer): void {
    this.begin(lane).answer = answer;
  }

  answers(lane: number): Answer[] {
    return this.#commands.flatMap((one) => (one.lane === lane && one.answer ? [one.answer] : []));
  }

  /** A command of the lane has no answer yet. */
  isWaiting(lane: number): boolean {
    return this.#commands.some((one) => one.lane === lane && !one.answer);
  }
}

const isUnderWay = ({ node, lane }: Command): boolean => node?.alive === true && node.isAsked(lane);
