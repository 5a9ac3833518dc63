import type { PageRecord } from '../history/records';

/** How a provider may take a message. `accept-then-nothing`: takes it like 200, and the message reaches nobody. */
export type SinkAnswer = PageRecord['answer'];
export type SinkChannel = PageRecord['sink'];

/** Says what the next arrival gets: the answers in their order, over and over; without any it is always 200. */
export class Script {
  private answers: readonly SinkAnswer[] = [];
  private next = 0;

  follow(answers: readonly SinkAnswer[]): void {
    this.answers = answers;
    this.next = 0;
  }

  take(): SinkAnswer {
    const answer = this.answers[this.next % Math.max(1, this.answers.length)] ?? '200';
    this.next += 1;
    return answer;
  }
}
