// Made from the OpenAPI document: UPDATE_CLIENT=1 npx vitest run test/api/client.db.test.ts
import type { ApiKeysOperations } from './rooms/api-keys.ts';
import type { AssetsOperations } from './rooms/assets.ts';
import type { AttendanceOperations } from './rooms/attendance.ts';
import type { AuditLogsOperations } from './rooms/audit-logs.ts';
import type { AuthOperations } from './rooms/auth.ts';
import type { BankLinesOperations } from './rooms/bank-lines.ts';
import type { BankStatementsOperations } from './rooms/bank-statements.ts';
import type { BillingOperations } from './rooms/billing.ts';
import type { ChargesOperations } from './rooms/charges.ts';
import type { CommissionPayoutsOperations } from './rooms/commission-payouts.ts';
import type { CommissionRulesOperations } from './rooms/commission-rules.ts';
import type { CommissionsOperations } from './rooms/commissions.ts';
import type { ConnectionsOperations } from './rooms/connections.ts';
import type { ConsumablesOperations } from './rooms/consumables.ts';
import type { CoverageOperations } from './rooms/coverage.ts';
import type { CustomersOperations } from './rooms/customers.ts';
import type { CutNoticesOperations } from './rooms/cut-notices.ts';
import type { DepositTopUpsOperations } from './rooms/deposit-top-ups.ts';
import type { DriftOperations } from './rooms/drift.ts';
import type { DryRunsOperations } from './rooms/dry-runs.ts';
import type { EventsOperations } from './rooms/events.ts';
import type { FinanceOperations } from './rooms/finance.ts';
import type { HoldsOperations } from './rooms/holds.ts';
import type { InvoicesOperations } from './rooms/invoices.ts';
import type { KillSwitchOperations } from './rooms/kill-switch.ts';
import type { KpiOperations } from './rooms/kpi.ts';
import type { LatencyOperations } from './rooms/latency.ts';
import type { LeadsOperations } from './rooms/leads.ts';
import type { MessageTemplatesOperations } from './rooms/message-templates.ts';
import type { MessagesOperations } from './rooms/messages.ts';
import type { NasOperations } from './rooms/nas.ts';
import type { OutboxOperations } from './rooms/outbox.ts';
import type { PaymentsOperations } from './rooms/payments.ts';
import type { PromisesOperations } from './rooms/promises.ts';
import type { ReconciliationsOperations } from './rooms/reconciliations.ts';
import type { ResellerCommissionsOperations } from './rooms/reseller-commissions.ts';
import type { ResellerCoverageOperations } from './rooms/reseller-coverage.ts';
import type { ResellerCustomersOperations } from './rooms/reseller-customers.ts';
import type { ResellerDashboardOperations } from './rooms/reseller-dashboard.ts';
import type { ResellerDepositOperations } from './rooms/reseller-deposit.ts';
import type { ResellerInvoicesOperations } from './rooms/reseller-invoices.ts';
import type { ResellerPaymentsOperations } from './rooms/reseller-payments.ts';
import type { ResellerPlansOperations } from './rooms/reseller-plans.ts';
import type { ResellerRequestsOperations } from './rooms/reseller-requests.ts';
import type { ResellerVoucherOffersOperations } from './rooms/reseller-voucher-offers.ts';
import type { ResellerVoucherSalesOperations } from './rooms/reseller-voucher-sales.ts';
import type { ResellerVouchersOperations } from './rooms/reseller-vouchers.ts';
import type { ResellersOperations } from './rooms/resellers.ts';
import type { SafetyOperations } from './rooms/safety.ts';
import type { ScansOperations } from './rooms/scans.ts';
import type { SchedulesOperations } from './rooms/schedules.ts';
import type { ServicePlansOperations } from './rooms/service-plans.ts';
import type { SettingsOperations } from './rooms/settings.ts';
import type { SubscriptionsOperations } from './rooms/subscriptions.ts';
import type { TenantsOperations } from './rooms/tenants.ts';
import type { UsageOperations } from './rooms/usage.ts';
import type { UsersOperations } from './rooms/users.ts';
import type { VoucherBatchesOperations } from './rooms/voucher-batches.ts';
import type { VoucherSalesOperations } from './rooms/voucher-sales.ts';
import type { VouchersOperations } from './rooms/vouchers.ts';
import type { WebhookDeliveriesOperations } from './rooms/webhook-deliveries.ts';
import type { WebhookEndpointsOperations } from './rooms/webhook-endpoints.ts';
import type { WorkOrdersOperations } from './rooms/work-orders.ts';

/** Every operation of the API by method and path: what it takes, and what it answers. */
export type Operations = ApiKeysOperations &
  AssetsOperations &
  AttendanceOperations &
  AuditLogsOperations &
  AuthOperations &
  BankLinesOperations &
  BankStatementsOperations &
  BillingOperations &
  ChargesOperations &
  CommissionPayoutsOperations &
  CommissionRulesOperations &
  CommissionsOperations &
  ConnectionsOperations &
  ConsumablesOperations &
  CoverageOperations &
  CustomersOperations &
  CutNoticesOperations &
  DepositTopUpsOperations &
  DriftOperations &
  DryRunsOperations &
  EventsOperations &
  FinanceOperations &
  HoldsOperations &
  InvoicesOperations &
  KillSwitchOperations &
  KpiOperations &
  LatencyOperations &
  LeadsOperations &
  MessageTemplatesOperations &
  MessagesOperations &
  NasOperations &
  OutboxOperations &
  PaymentsOperations &
  PromisesOperations &
  ReconciliationsOperations &
  ResellerCommissionsOperations &
  ResellerCoverageOperations &
  ResellerCustomersOperations &
  ResellerDashboardOperations &
  ResellerDepositOperations &
  ResellerInvoicesOperations &
  ResellerPaymentsOperations &
  ResellerPlansOperations &
  ResellerRequestsOperations &
  ResellerVoucherOffersOperations &
  ResellerVoucherSalesOperations &
  ResellerVouchersOperations &
  ResellersOperations &
  SafetyOperations &
  ScansOperations &
  SchedulesOperations &
  ServicePlansOperations &
  SettingsOperations &
  SubscriptionsOperations &
  TenantsOperations &
  UsageOperations &
  UsersOperations &
  VoucherBatchesOperations &
  VoucherSalesOperations &
  VouchersOperations &
  WebhookDeliveriesOperations &
  WebhookEndpointsOperations &
  WorkOrdersOperations;
