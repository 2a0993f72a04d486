import { journalController } from '../accounts/journal.ts';
import { paymentController } from '../accounts/payment.ts';
import { invoiceController } from '../accounts/sales-invoice.ts';
import { subscriptionController } from '../accounts/subscription.ts';
import type { Controller } from './controller.ts';
import { customFieldController } from './custom-field.ts';
import { customerController, itemController } from './selling.ts';
import { webhookController } from './webhook.ts';

const controllers: Readonly<Record<string, Controller>> = {
  'Custom Field': customFieldController,
  'Journal Entry': journalController,
  'Payment Entry': paymentController,
  'Sales Invoice': invoiceController,
  Customer: customerController,
  Item: itemController,
  Subscription: subscriptionController,
  Webhook: webhookController,
};

export const controllerOf = (doctype: string): Controller => controllers[doctype] ?? {};
