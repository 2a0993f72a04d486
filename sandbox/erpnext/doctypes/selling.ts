import { childTable, doctype } from './doctype.ts';

export const customer = doctype('Customer', {
  naming: { field: 'customer_name' },
  mandatory: ['customer_name', 'customer_type'],
  emptyTables: 'accounts companies credit_limits portal_users sales_team',
  fields: {
    float: 'default_commission_rate',
    int: 'disabled dn_required is_frozen is_internal_customer so_required',
    unset: `account_manager customer_details customer_name customer_pos_id customer_primary_address
      customer_primary_contact default_bank_account default_currency default_price_list default_sales_partner email_id
      first_name gender image industry last_name lead_name loyalty_program loyalty_program_tier market_segment
      mobile_no opportunity_name payment_terms primary_address prospect_name represents_company salutation tax_category
      tax_id tax_withholding_category website`,
    preset: {
      customer_group: 'Individual',
      customer_type: 'Individual',
      language: 'en',
      naming_series: 'CUST-.YYYY.-',
      territory: 'All Territories',
    },
  },
});

const itemDefault = childTable('Item Default', {
  unset: `buying_cost_center company default_discount_account default_price_list default_provisional_account
    default_supplier default_warehouse deferred_expense_account deferred_revenue_account expense_account
    income_account selling_cost_center`,
});

const unit = childTable('UOM Conversion Detail', { float: 'conversion_factor=1', unset: 'uom' });

export const item = doctype('Item', {
  naming: { field: 'item_code' },
  mandatory: ['item_code', 'item_group', 'stock_uom'],
  tables: { item_defaults: itemDefault, uoms: unit },
  emptyTables: 'attributes barcodes customer_items reorder_levels supplier_items taxes',
  fields: {
    float: `last_purchase_rate max_discount min_order_qty opening_stock over_billing_allowance
      over_delivery_receipt_allowance safety_stock standard_rate total_projected_qty valuation_rate weight_per_unit`,
    int: `allow_alternative_item allow_negative_stock auto_create_assets create_new_batch delivered_by_supplier disabled
      enable_deferred_expense enable_deferred_revenue has_batch_no has_expiry_date has_serial_no has_variants
      inspection_required_before_delivery inspection_required_before_purchase is_customer_provided_item is_fixed_asset
      is_grouped_asset is_offer is_stock_item is_sub_contracted_item lead_time_days no_of_months no_of_months_exp
      retain_sample sample_quantity shelf_life_in_days`,
    unset: `asset_category asset_naming_series batch_number_series brand country_of_origin customer
      customs_tariff_number default_bom default_item_manufacturer default_manufacturer_part_no description image
      item_code item_group item_name purchase_uom quality_inspection_template sales_uom serial_no_series variant_of
      warranty_period weight_uom`,
    blank: 'customer_code valuation_method',
    preset: {
      default_material_request_type: 'Purchase',
      end_of_life: '2099-12-31',
      grant_commission: 1,
      include_item_in_manufacturing: 1,
      is_purchase_item: 1,
      is_sales_item: 1,
      naming_series: 'STO-ITEM-.YYYY.-',
      stock_uom: 'Nos',
      variant_based_on: 'Item Attribute',
    },
  },
});
