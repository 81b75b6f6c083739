-- Asks Packgate about one request, and answers it unless Packgate says yes; and lets Packgate answer what is its own.
local url, key = os.getenv("PACKGATE_URL"), os.getenv("PACKGATE_KEY")

-- Sent on as they are. Of one that is there twice Packgate gets both, and refuses.
local PASSED = { "authorization", "content-type", "content-encoding" }

local function refuse(txn, status, headers, body)
  local reply = txn:reply()
  -- twine shows the status line and nothing else: the sentence goes there as well, in characters that it can hold.
  local sentence = body:match('"message":"(.-[^\\])"') or ""
  sentence = sentence:gsub("\\(.)", "%1"):gsub("[^ -~]+", "?")
  reply:set_status(status, sentence ~= "" and sentence or nil)
  for _, name in ipairs({ "content-type", "www-authenticate", "x-packgate-reason" }) do
    for _, value in pairs(headers[name] or {}) do
      reply:add_header(name, value)
    end
  end
  reply:set_body(body)
  txn:done(reply)
end

core.register_action("packgate", { "http-req" }, function(txn)
  local sent = txn.http:req_get_headers()
  local method, body = txn.f:method(), txn.f:req_body()
  -- Nobody uploads nothing; what comes later would pass unseen.
  if method == "POST" and (body or "") == "" then
    return refuse(txn, 403, {}, "an upload without a body\n")
  end

  local headers = {
    ["x-packgate-key"] = { key },
    ["x-original-uri"] = { txn.f:pathq() },
    ["x-original-method"] = { method },
  }
  for _, name in ipairs(PASSED) do
    if sent[name] then
      headers[name] = {}
      for index = 0, #sent[name] do
        table.insert(headers[name], sent[name][index])
      end
    end
  end

  local answer = core.httpclient():get({
    url = url .. "/authorize/haproxy",
    headers = headers,
    body = method == "POST" and body or nil,
    timeout = 10000,
  })
  if answer.status == 200 then
    txn:set_var("txn.packgate", "yes")
    for _, value in pairs((answer.headers or {})["x-auth-request-user"] or {}) do
      txn.http:req_set_header("X-Auth-Request-User", value)
    end
  elseif answer.status == 401 or answer.status == 403 then
    refuse(txn, answer.status, answer.headers, answer.body)
  else
    refuse(txn, 503, {}, "Packgate cannot be asked right now; try again shortly\n")
  end
end)

core.register_service("packgate_itself", "http", function(applet)
  local body = applet.method == "POST" and applet:receive() or nil
  local client = core.httpclient()
  local call = body and client.post or client.get
  local sent = body and { ["content-type"] = { "application/json" } } or {}
  local answer = call(client, { url = url .. applet.path, headers = sent, body = body, timeout = 30000 })
  local reached = (answer.status or 0) >= 200
  local text = reached and answer.body or "Packgate cannot be asked right now; try again shortly\n"
  applet:set_status(reached and answer.status or 503)
  for _, name in ipairs({ "content-type", "retry-after", "cache-control", "x-request-id", "allow" }) do
    for _, value in pairs(reached and answer.headers[name] or {}) do
      applet:add_header(name, value)
    end
  end
  applet:add_header("content-length", tostring(#text))
  applet:start_response()
  applet:send(text)
end)
