-- Requests that create trackings, each of them once. Arguments: number of items in a request,
-- and prefix of the tracking numbers.

local made = 0
local size, prefix

init = function(arguments)
  size, prefix = tonumber(arguments[1]), arguments[2]
  wrk.headers["Content-Type"] = "application/json"
end

request = function()
  local items = {}
  for place = 1, size do
    made = made + 1
    items[place] = string.format(
      '{"tracking_number":"%s%09d","carrier_code":"china-ems"}', prefix, made)
  end
  local body = table.concat(items, ",")
  if size > 1 then body = "[" .. body .. "]" end
  return wrk.format("POST", nil, nil, body)
end
