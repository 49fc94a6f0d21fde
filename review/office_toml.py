"""The office.toml that `tdkt init` writes: every setting with its default and what it is for.

OFFICE_TOML.format(name="Sở Nội vụ tỉnh Lai Châu", …)
"""

OFFICE_TOML = """\
# Cấu hình của cơ quan dùng hệ thống. Bỏ trống hay xóa dòng nào thì lấy giá trị mặc định.

[office]
name = "{name}"                     # tên cơ quan, in ở đầu thư và báo cáo
province = "{province}"             # tên tỉnh
short = "{short}"                   # tên ngắn, đặt trong ngoặc vuông ở tiêu đề thư
email = "{email}"                   # địa chỉ gửi đi
reply_to = "{reply_to}"             # nơi nhận thư trả lời; để trống thì dùng địa chỉ gửi đi
digest_to = ["{digest_to}"]         # ai nhận thư tổng hợp của cơ quan
leaders_to = {leaders_to}                     # lãnh đạo nhận báo cáo quý, năm, nhiệm kỳ
signer = ""                         # người ký cuối thư; để trống thì chỉ ghi tên cơ quan
honorific = "dong_chi"              # xưng hô với cán bộ: "dong_chi", hoặc "ong_ba" (theo danh bạ)
lang = "vi"                         # ngôn ngữ của thư và màn hình: "vi", hoặc "en" (tiếng Anh)
time_zone = "Asia/Ho_Chi_Minh"      # múi giờ của mọi thời hạn
term_first_year = 2026              # năm đầu nhiệm kỳ HĐND, UBND (2026–2031)
party_term_first_year = 2025        # năm đầu nhiệm kỳ của Đảng (2025–2030), cho cơ quan Đảng
demo = {demo}                        # true: văn phòng mẫu, không bao giờ gửi thư ra ngoài máy này

# Hạn của từng loại kỳ. `opens` là số ngày trước khi kỳ kết thúc thì phát mẫu; `due` là số ngày
# sau khi kỳ kết thúc (gặp ngày nghỉ thì lùi sang ngày làm việc kế tiếp); `grace` là số ngày làm
# việc còn nhận sau hạn; `locks` là số ngày làm việc sau đó thì khóa.
[due.month]
opens = 7
due = 5
grace = 2
locks = 5

[due.quarter]
opens = 10
due = 7
grace = 2
locks = 5

[due.half]
opens = 15
due = 10
grace = 3
locks = 5

[due.year]
opens = 30
due = 10
grace = 5
locks = 10

[due.term]
opens = 60
due = 30
grace = 10
locks = 20

[mail]
pace_per_second = 20                # gửi nhiều nhất mấy thư một giây
attempts = 5                        # gửi lại nhiều nhất mấy lần khi máy chủ thư bận
expires_hours = 72                  # quá số giờ này mà chưa gửi được thì thôi, báo cho cơ quan
bounces_to = ""                     # nơi nhận thư báo không tới; để trống: địa chỉ gửi đi
quota_per_day = 0                   # máy chủ thư cho gửi mỗi ngày mấy thư; 0: không giới hạn
breaker_percent = 5                 # quá tỷ lệ này trong 200 thư gần nhất bị từ chối thì dừng gửi
arm_hours = 24                      # “tdkt arm” cho phép gửi thật trong mấy giờ
second_person = false               # true: cho phép gửi thật cần thêm một người đồng ý
digest_workbook = true              # gửi kèm bảng tổng hợp Excel trong thư của cơ quan
digest_people = 10000               # đông hơn số người này thì không gửi kèm: thư không chở nổi
connections = 4                     # mấy đường truyền cùng lúc tới máy chủ thư
relay_log = ""                      # nhật ký của máy chủ thư (Postfix) đọc được từ máy này, ví dụ
                                    # "/var/log/mail.log": để tự kết luận thư chưa rõ đã tới chưa

# Thể thức báo cáo theo Nghị định 30/2020/NĐ-CP.
[papers]
parent = ""                         # cơ quan chủ quản, in trên tên cơ quan
symbol = "BC-TĐKT"                  # ký hiệu sau số văn bản
signer_title = "Thủ trưởng cơ quan" # chức vụ người ký
signer = ""                         # họ tên người ký báo cáo; để trống thì như người ký thư
recipients = ["Lãnh đạo cơ quan (để báo cáo)", "Các đơn vị, cụm, khối thi đua"]   # nơi nhận
archive = "VT, TĐKT"                # nơi lưu

# Mức nội dung của từng loại thư: summary (chỉ tóm tắt, không có điểm), scores (điểm trong thư),
# encrypted (tóm tắt, kèm phiếu kết quả có mật khẩu: của cán bộ là ngày sinh dạng ngày-tháng-năm,
# 8 chữ số; của đơn vị là mã mở do cơ quan báo riêng, xem bằng “tdkt letters passcode MÃ-ĐƠN-VỊ”).
[content]
cadre_result = "scores"             # kết quả của từng cán bộ
unit_result = "scores"              # kết quả của đơn vị và cán bộ trong đơn vị
appeal_outcome = "scores"           # trả lời kiến nghị

[scoring]
quarterly_units = []                # mã các đơn vị chỉ chấm theo quý, không chấm tháng; "*": tất cả
quarterly_from = ""                 # chấm theo quý từ quý nào, ví dụ "2026-Q3"; để trống: mọi quý
slip_units = []                     # mã đơn vị chấm mẫu 01 bằng phiếu niêm phong; "*": tất cả
two_persons = false                 # true: mỗi cấp phê duyệt phải là một người khác nhau
outstanding_units = []              # mã cơ quan có thành tích nổi trội: được đến 25% xuất sắc
merge_small_groups = false          # true: gộp các nhóm nhỏ của mọi đơn vị khi tính tỷ lệ xuất sắc
appeal_days = 10                    # số ngày làm việc được kiến nghị kể từ khi phê duyệt kết quả

[answers]
mend_days = 3                       # báo cáo trả lại thì sửa trong mấy ngày làm việc
before = [3, 1]                     # nhắc trước hạn mấy ngày làm việc
after = [1, 3]                      # nhắc sau hạn mấy ngày làm việc
superior_after = 3                  # quá hạn từ mấy ngày làm việc thì báo cấp trên

# Cấp trên của từng cụm, khối (tên như trong danh bạ); không ghi thì là thủ trưởng của đơn vị.
[superiors]

[mailbox]
after = "flag"                      # thư đã nhận: "flag" đánh dấu, "move" chuyển vào thư mục dưới
folder = "TDKT da nhan"             # không bao giờ xóa thư nào
per_hour = 30                       # một địa chỉ gửi quá số thư này trong một giờ thì để riêng
at_once = 500                       # mỗi lần thu đọc nhiều nhất mấy thư
most_mib = 40                       # thư nặng hơn thì không tải về, để người xem
# Tên mà máy chủ thư của cơ quan ghi ở đầu Authentication-Results (RFC 8601), ví dụ "mx.x.gov.vn":
# thư nào máy chủ ấy không xác nhận người gửi (SPF, DKIM, DMARC) thì để riêng, chờ người xem.
# Để trống: tin địa chỉ người gửi như ghi trong thư.
proof_by = ""

[desk]
shows = "codes"                     # màn hình cho thấy ai: "figures" chỉ con số; "codes" thêm mã
                                    # những người chờ quyết định; "names" thêm cả họ tên
screen = ""                         # địa chỉ màn hình ghi trong thư; để trống: nơi đang chạy
papers_url = ""                     # địa chỉ web của thư mục reports/, nếu có; để trống: đường dẫn
late_minutes = 15                   # lượt chạy trễ quá số phút này thì báo cơ quan
stuck_hours = 3                     # lượt chạy quá số giờ này chưa xong thì báo cơ quan
file_minutes = 60                   # tệp đến quá số phút này chưa ai xử lý thì báo cơ quan
silent_minutes = 45                 # lịch không chạy quá số phút này thì báo cơ quan
remind_days = 3                     # việc chờ quyết định quá số ngày này thì nhắc lại

[security]
rows_by_unit = false                # true (chỉ PostgreSQL): khi viết thư cho đơn vị nào, chính
                                    # cơ sở dữ liệu chỉ cho thấy dòng của đơn vị ấy; đặt xong
                                    # chạy tdkt init

# Thời hạn lưu [quy định của cơ quan]: Luật Bảo vệ dữ liệu cá nhân số 91/2025/QH15 cho yêu cầu xóa,
# trừ dữ liệu mà luật khác (như Luật Lưu trữ) buộc giữ. Sửa theo bảng thời hạn bảo quản của cơ quan.
[keeping]
person_years = 10                   # người đã thôi được mấy năm thì dữ liệu cá nhân được xóa
archive_months = 72                 # kỳ đã xong quá mấy tháng thì bản gốc, báo cáo, thư của kỳ được
                                    # chuyển ra tệp lưu trữ (tdkt archive put); ít nhất 15, nên
                                    # hơn một nhiệm kỳ: báo cáo nhiệm kỳ đọc lại từng tháng
archive_years = 20                  # tệp lưu trữ của một kỳ giữ mấy năm rồi được hủy

[work]
processes = 2                       # số tiến trình đọc tệp cùng lúc
batch = 100                         # số đơn vị xử lý trong một lượt
cluster = ""                        # cụm máy Dask, ví dụ tcp://10.0.0.5:8786; trống là máy này
"""
