// Types of what Earnest puts on a page: the element, its properties, its events.
// Reference it from a TypeScript project, or copy it:
//
//   /// <reference path="./earnest.d.ts" />

declare namespace Earnest {
  /** A decimal number as text, such as "49.90"; never a float. */
  type Decimal = string;

  /** The cart as it stands. Amounts are in `currency`, with no more decimals than it has. */
  interface Cart {
    /** ISO 4217, such as "EUR". */
    currency: string;
    /** Whether unit prices and shipping have their tax in them. Default: true. */
    prices_include_tax?: boolean;
    /** At most 1,000. */
    lines: Line[];
    /** What is taken off the order. */
    discount?: Decimal | null;
    shipping?: Decimal | null;
    shipping_tax?: Decimal | null;
    /** How and where it is bought, where a rule asks: "store-card", "web", "dublin-1". */
    payment_method?: string | null;
    channel?: string | null;
    location?: string | null;
    /** How it is delivered: "pickup", "slow". */
    delivery?: string | null;
    /** The partner whose order it is; none for your own. */
    partner?: string | null;
    coupons?: string[];
  }

  interface Line {
    /** Names the line; no two lines of a cart share it. */
    id: string;
    product: string;
    categories?: string[];
    tags?: string[];
    /** Whole, 1 or more. */
    quantity: number;
    /** Before any discount. */
    unit_price: Decimal;
    brand?: string | null;
    vendor?: string | null;
    /** What is taken off the whole line. */
    discount?: Decimal | null;
    /** The tax of the line after all discounts, the order's too. */
    tax?: Decimal | null;
  }

  /** What `GET /v1/members/{id}/snapshot` answers with: your server fetches it with the secret key. */
  interface Member {
    tier: string | null;
    balance_points: number;
    earned_points: number;
    /** What she reads of her standing: her tier as it is now, the way to the next one, her points, credit, perks and challenges. */
    outlook?: {
      tier: string | null;
      next: { tier: string; amount: number } | null;
      available?: number;
      pending?: { points: number; from: string } | null;
      expiring?: { points: number; until: string } | null;
      credits?: { name: string; currency: string; amount: Decimal }[];
      perks?: { kind: string; label: string; percent?: Decimal }[];
      challenges?: { id: string; label: string; open: boolean; done: number; of: number; badges?: string[] }[];
    };
    /** What else evaluation needs of her: hand it on as it came. */
    [key: string]: unknown;
  }

  /** What a cart earns. The lines' points sum to `points`, and so do the reasons' exact points. */
  interface Earning {
    points: number;
    currency: string;
    counted: Decimal;
    lines: { id: string; points: number; counted: Decimal; reasons: Reason[] }[];
    reasons: Reason[];
    /** What balances of money get; not there where none gets anything. */
    credits?: { balance: string; name: string; currency: string; amount: Decimal; lines: Decimal[]; reasons: Reason[] }[];
    program: { version: number; digest: string };
    engine: string;
  }

  interface Reason {
    code:
      | "rate"
      | "fixed"
      | "fixed"
      | "multiplier"
      | "tier"
      | "bonus"
      | "capped"
      | "outdone"
      | "limit_reached"
      | "capped"
      | "outdone"
      | "limit_reached"
      | "rounding"
      | "excluded"
      | "below_minimum"
      | "currency_not_covered"
      | "partner_not_covered"
      | "not_running";
    /** The id of the rule, exclusion or tier, where there is one. */
    rule: string | null;
    label: string;
    factor: Decimal | null;
    points_exact: Decimal;
  }

  /** The published program, as `GET /v1/program` answers. */
  interface Program {
    version: number;
    name: string;
    digest: string;
    points: { one: string; other: string; worth?: Record<string, Decimal> };
    welcome_points: number;
    [key: string]: unknown;
  }

  interface Ready {
    /** The program's version. */
    version: number;
    program: Program;
    /** Where previews are computed: in the page, or at the edge where the page forbids wasm. */
    mode: "wasm" | "edge";
  }

  /** What went wrong, for the page's developer. The shopper is told in words of her own. */
  interface Problem {
    /** Stable, such as "amount_malformed" or "offline". */
    code: string;
    message: string;
    /** A JSON pointer into what was handed in, such as "/lines/2/quantity"; "" where there is none. */
    pointer: string;
  }

  type ReadyEvent = CustomEvent<Ready>;
  type PreviewEvent = CustomEvent<{ earning: Earning }>;
  type EnrolledEvent = CustomEvent<{ welcome_points: number }>;
  type ErrorEvent = CustomEvent<Problem>;
  /** Dispatched by the page on `document`: the cart has changed. */
  type CartEvent = CustomEvent<Cart>;

  interface Events {
    "earnest:ready": ReadyEvent;
    "earnest:preview": PreviewEvent;
    "earnest:enrolled": EnrolledEvent;
    "earnest:error": ErrorEvent;
  }
}

/** What the loader leaves on the page. */
declare const Earnest: Readonly<{ shop: string; edge: string }>;

/**
 * Attributes: `email-from`, a selector of the page's e-mail field; `terms`, where the membership terms
 * can be read; `joining="automatic"`, where the program says so: less room is kept, since nobody is asked.
 * Styled by `--earnest-accent`, `--earnest-radius`, `--earnest-gap` and `::part`.
 */
interface EarnestCheckoutElement extends HTMLElement {
  /** May be set before the loader has come. So may the others. */
  cart: Earnest.Cart | undefined;
  /** The member who is signed in; null for a guest. */
  member: Earnest.Member | null;
  /** Her e-mail, where the page has it but in no field. */
  email: string | undefined;

  addEventListener<K extends keyof Earnest.Events>(
    type: K,
    listener: (this: EarnestCheckoutElement, event: Earnest.Events[K]) => unknown,
    options?: boolean | AddEventListenerOptions,
  ): void;
  addEventListener<K extends keyof HTMLElementEventMap>(
    type: K,
    listener: (this: EarnestCheckoutElement, event: HTMLElementEventMap[K]) => unknown,
    options?: boolean | AddEventListenerOptions,
  ): void;
  addEventListener(
    type: string,
    listener: EventListenerOrEventListenerObject,
    options?: boolean | AddEventListenerOptions,
  ): void;
}

interface HTMLElementTagNameMap {
  "earnest-checkout": EarnestCheckoutElement;
}

interface DocumentEventMap extends Earnest.Events {
  "earnest:cart": Earnest.CartEvent;
}
