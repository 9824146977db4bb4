/** What came to one of the fakes: messages that the real one would have taken, and why it would have refused the others. */
export interface Inbox<Message> {
  readonly received: readonly Message[];
  readonly refused: readonly string[];
}

/** An inbox that its fake writes to. */
export interface OpenInbox<Message> extends Inbox<Message> {
  take(message: Message): void;
  refuse(reason: string): void;
}

export function createInbox<Message>(): OpenInbox<Message> {
  const received: Message[] = [];
  const refused: string[] = [];
  return {
    received,
    refused,
    take: (message) => void received.push(message),
    refuse: (reason) => void refused.push(reason),
  };
}

/** What no message may have in it: the traces of a template that named something wrong. */
const SPOILT = /<no value>|&lt;no value&gt;|%!\w?\(|\{\{|ZgotmplZ|undefined|^\s*$/;

/** Tells which of the texts looks as if its template had gone wrong; nothing when all are well. */
export function spoiltText(texts: Readonly<Record<string, string | undefined>>): string | undefined {
  const spoilt = Object.entries(texts).find(([, text]) => text !== undefined && SPOILT.test(text));
  return spoilt && `${spoilt[0]} is spoilt: "${spoilt[1]}"`;
}
