-- A database as the first version of the sandbox wrote it.
CREATE TABLE accounts (
    account TEXT PRIMARY KEY,
    trackings INTEGER NOT NULL,
    detections INTEGER NOT NULL
);
CREATE TABLE charges (id TEXT PRIMARY KEY);
CREATE TABLE parcels (
    sequence INTEGER PRIMARY KEY,
    account TEXT NOT NULL,
    carrier_code TEXT NOT NULL,
    tracking_number TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    title TEXT,
    logistics_channel TEXT,
    customer_name TEXT,
    customer_email TEXT,
    customer_phone TEXT,
    order_id TEXT,
    order_create_time TEXT,
    ordered_at BIGINT,
    comment TEXT,
    destination_code TEXT,
    archived BOOLEAN NOT NULL,
    status TEXT,
    looked_at BIGINT,
    stopped_at BIGINT,
    UNIQUE (account, tracking_number, carrier_code)
);
CREATE INDEX parcels_by_account ON parcels (account, sequence);
INSERT INTO accounts VALUES ('a', 2, 1);
INSERT INTO charges VALUES ('3a44d5e8f0b2a7c1d9e6f4a8b3c2d1e0'), ('of a parcel deleted since');
INSERT INTO parcels (account, carrier_code, tracking_number, created_at, title, archived, looked_at)
VALUES ('a', 'usps', '12345', 1, 'shoes', 1, 7);
PRAGMA user_version = 1;
