import { describe, expect, it } from 'vitest';
import { messageEvents, messageLanguages } from '#domain/message-events.ts';
import { defaultTemplate, parseTemplates } from './message-templates.ts';

describe('the words of the installation', () => {
  it('M1: there are some for every event in every language, and each placeholder in them is filled', () => {
    for (const language of messageLanguages) {
      for (const event of messageEvents) {
        const { subject, body } = defaultTemplate(event, language);
        expect(subject.trim(), `${event} ${language}`).not.toBe('');
        expect(body.trim(), `${event} ${language}`).not.toBe('');
      }
    }
  });

  it('control: an event without words, and words with a strange placeholder, are found at the start', () => {
    const file = (event: string, body: string): string => `${event}: { subject: x, body: "${body}" }`;
    expect(() => parseTemplates(file('registration', 'x'), 'f')).toThrow(/f: there are no words for/);
    const all = messageEvents.map((event) => file(event, event === 'isolated' ? '{{nama}}' : 'x')).join('\n');
    expect(() => parseTemplates(all, 'f')).toThrow('f: isolated has no {{nama}}.');
  });
});
