/** Words and texts of replies.py, put before the parts when they are joined. */
declare const replyTables: {
  units: Record<string, [string, number]>;
  scales: Record<string, number>;
  fractions: Record<string, string>;
  sizes: Record<"share" | "count", [number, string][]>;
  texts: Record<
    "empty" | "unreadable" | "unknown" | "otherUnit" | "points" | "rounded" | "sign" | "size" | "wrong" | "comma" | "converted",
    string
  >;
};
