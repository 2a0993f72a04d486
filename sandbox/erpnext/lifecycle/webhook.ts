import { text } from '../site/document.ts';
import { invalid } from '../site/frappe-error.ts';
import type { Controller } from './controller.ts';

const submitEvents = new Set(['on_submit', 'on_cancel', 'on_update_after_submit']);

export const webhookController: Controller = {
  validate: (tx, doc) => {
    const meta = tx.site.meta(text(doc, 'webhook_doctype'));
    if (submitEvents.has(text(doc, 'webhook_docevent')) && !meta.submittable) {
      throw invalid(`DocType must be Submittable for the selected Doc Event ${text(doc, 'webhook_docevent')}`);
    }
    if (!/^https?:\/\//.test(text(doc, 'request_url'))) throw invalid('Check Request URL');
  },
};
